//! The two vector units of x86-64.
use super::{Block, Lanes};
use std::arch::x86_64::*;

#[derive(Clone, Copy)]
pub(crate) struct Avx512(__m512d);

// SAFETY: `dispatch!` uses this type only where AVX-512F was detected; a Block is 64 bytes, aligned to 64.
unsafe impl Lanes for Avx512 {
    const TILE: (usize, usize) = (8, 3);

    #[inline(always)]
    fn splat(v: f64) -> Self {
        unsafe { Self(_mm512_set1_pd(v)) }
    }
    #[inline(always)]
    fn load(b: &Block) -> Self {
        unsafe { Self(_mm512_load_pd(b.0.as_ptr())) }
    }
    #[inline(always)]
    fn store(self, b: &mut Block) {
        unsafe { _mm512_store_pd(b.0.as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn load_from(v: &[f64; 8]) -> Self {
        unsafe { Self(_mm512_loadu_pd(v.as_ptr())) }
    }
    #[inline(always)]
    fn store_to(self, v: &mut [f64; 8]) {
        unsafe { _mm512_storeu_pd(v.as_mut_ptr(), self.0) }
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        unsafe { Self(_mm512_add_pd(self.0, o.0)) }
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        unsafe { Self(_mm512_sub_pd(self.0, o.0)) }
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        unsafe { Self(_mm512_mul_pd(self.0, o.0)) }
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        unsafe { Self(_mm512_div_pd(self.0, o.0)) }
    }
    #[inline(always)]
    fn fma(self, m: Self, a: Self) -> Self {
        unsafe { Self(_mm512_fmadd_pd(self.0, m.0, a.0)) }
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        unsafe { Self(_mm512_max_pd(self.0, o.0)) }
    }
    #[inline(always)]
    fn min(self, o: Self) -> Self {
        unsafe { Self(_mm512_min_pd(self.0, o.0)) }
    }
    #[inline(always)]
    fn abs(self) -> Self {
        unsafe { Self(_mm512_abs_pd(self.0)) }
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        unsafe { Self(_mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(self.0)))) }
    }
    #[inline(always)]
    fn select_nonnegative(self, yes: Self, no: Self) -> Self {
        unsafe {
            let m = _mm512_cmp_pd_mask::<_CMP_GE_OQ>(self.0, _mm512_setzero_pd());
            Self(_mm512_mask_blend_pd(m, no.0, yes.0))
        }
    }
    #[inline(always)]
    fn positive(self) -> u8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_GT_OQ>(self.0, _mm512_setzero_pd()) }
    }
    #[inline(always)]
    fn differs(self, o: Self) -> u8 {
        unsafe { _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(self.0, o.0) }
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        unsafe { sum_of(_mm256_add_pd(_mm512_castpd512_pd256(self.0), _mm512_extractf64x4_pd::<1>(self.0))) }
    }
    #[inline(always)]
    fn smallest(self) -> f64 {
        unsafe { least_of(_mm256_min_pd(_mm512_castpd512_pd256(self.0), _mm512_extractf64x4_pd::<1>(self.0))) }
    }
    #[inline(always)]
    fn transpose(r: [Self; 8]) -> [Self; 8] {
        let mut t = r;
        // Pairs of lanes: t[2k] holds the even columns of rows 2k and 2k + 1, t[2k + 1] the odd ones.
        for k in 0..4 {
            t[2 * k] = unsafe { Self(_mm512_unpacklo_pd(r[2 * k].0, r[2 * k + 1].0)) };
            t[2 * k + 1] = unsafe { Self(_mm512_unpackhi_pd(r[2 * k].0, r[2 * k + 1].0)) };
        }
        let mut out = r;
        for odd in 0..2 {
            let (a, b, c, d) = (t[odd].0, t[odd + 2].0, t[odd + 4].0, t[odd + 6].0);
            unsafe {
                let (near, far) = (_mm512_shuffle_f64x2::<0x88>(a, b), _mm512_shuffle_f64x2::<0x88>(c, d));
                out[odd] = Self(_mm512_shuffle_f64x2::<0x88>(near, far));
                out[odd + 4] = Self(_mm512_shuffle_f64x2::<0xdd>(near, far));
                let (near, far) = (_mm512_shuffle_f64x2::<0xdd>(a, b), _mm512_shuffle_f64x2::<0xdd>(c, d));
                out[odd + 2] = Self(_mm512_shuffle_f64x2::<0x88>(near, far));
                out[odd + 6] = Self(_mm512_shuffle_f64x2::<0xdd>(near, far));
            }
        }
        out
    }
}

/// (v₀ + v₁) + (v₂ + v₃), in the order of [`Lanes::sum`].
#[inline(always)]
fn sum_of(v: __m256d) -> f64 {
    unsafe {
        let pairs = _mm_hadd_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd::<1>(v));
        _mm_cvtsd_f64(pairs) + _mm_cvtsd_f64(_mm_unpackhi_pd(pairs, pairs))
    }
}

#[inline(always)]
fn least_of(v: __m256d) -> f64 {
    unsafe {
        let pairs = _mm_min_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd::<1>(v));
        _mm_cvtsd_f64(_mm_min_sd(pairs, _mm_unpackhi_pd(pairs, pairs)))
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Avx2(__m256d, __m256d);

/// One operation on both halves; a closure would not be compiled for the vector unit.
macro_rules! halves {
    ($op:ident, $a:expr, $b:expr) => {
        unsafe { Self($op($a.0, $b.0), $op($a.1, $b.1)) }
    };
}

/// The transpose of four rows of four.
#[inline(always)]
fn quarter(a: __m256d, b: __m256d, c: __m256d, d: __m256d) -> [__m256d; 4] {
    unsafe {
        let (even, odd) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
        let (even2, odd2) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
        [
            _mm256_permute2f128_pd::<0x20>(even, even2),
            _mm256_permute2f128_pd::<0x20>(odd, odd2),
            _mm256_permute2f128_pd::<0x31>(even, even2),
            _mm256_permute2f128_pd::<0x31>(odd, odd2),
        ]
    }
}

// SAFETY: `dispatch!` uses this type only where AVX2 and FMA were detected; a Block holds two aligned halves.
unsafe impl Lanes for Avx2 {
    const TILE: (usize, usize) = (6, 1);

    #[inline(always)]
    fn splat(v: f64) -> Self {
        unsafe { Self(_mm256_set1_pd(v), _mm256_set1_pd(v)) }
    }
    #[inline(always)]
    fn load(b: &Block) -> Self {
        unsafe { Self(_mm256_load_pd(b.0.as_ptr()), _mm256_load_pd(b.0.as_ptr().add(4))) }
    }
    #[inline(always)]
    fn store(self, b: &mut Block) {
        unsafe {
            _mm256_store_pd(b.0.as_mut_ptr(), self.0);
            _mm256_store_pd(b.0.as_mut_ptr().add(4), self.1);
        }
    }
    #[inline(always)]
    fn load_from(v: &[f64; 8]) -> Self {
        unsafe { Self(_mm256_loadu_pd(v.as_ptr()), _mm256_loadu_pd(v.as_ptr().add(4))) }
    }
    #[inline(always)]
    fn store_to(self, v: &mut [f64; 8]) {
        unsafe {
            _mm256_storeu_pd(v.as_mut_ptr(), self.0);
            _mm256_storeu_pd(v.as_mut_ptr().add(4), self.1);
        }
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        halves!(_mm256_add_pd, self, o)
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        halves!(_mm256_sub_pd, self, o)
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        halves!(_mm256_mul_pd, self, o)
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        halves!(_mm256_div_pd, self, o)
    }
    #[inline(always)]
    fn fma(self, m: Self, a: Self) -> Self {
        unsafe { Self(_mm256_fmadd_pd(self.0, m.0, a.0), _mm256_fmadd_pd(self.1, m.1, a.1)) }
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        halves!(_mm256_max_pd, self, o)
    }
    #[inline(always)]
    fn min(self, o: Self) -> Self {
        halves!(_mm256_min_pd, self, o)
    }
    #[inline(always)]
    fn abs(self) -> Self {
        halves!(_mm256_andnot_pd, Self::splat(-0.0), self)
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        unsafe {
            let low = _mm256_slli_epi64::<52>(_mm256_castpd_si256(self.0));
            let high = _mm256_slli_epi64::<52>(_mm256_castpd_si256(self.1));
            Self(_mm256_castsi256_pd(low), _mm256_castsi256_pd(high))
        }
    }
    #[inline(always)]
    fn select_nonnegative(self, yes: Self, no: Self) -> Self {
        unsafe {
            let low = _mm256_cmp_pd::<_CMP_GE_OQ>(self.0, _mm256_setzero_pd());
            let high = _mm256_cmp_pd::<_CMP_GE_OQ>(self.1, _mm256_setzero_pd());
            Self(_mm256_blendv_pd(no.0, yes.0, low), _mm256_blendv_pd(no.1, yes.1, high))
        }
    }
    #[inline(always)]
    fn positive(self) -> u8 {
        unsafe {
            let low = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(self.0, _mm256_setzero_pd()));
            let high = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(self.1, _mm256_setzero_pd()));
            (low | high << 4) as u8
        }
    }
    #[inline(always)]
    fn differs(self, o: Self) -> u8 {
        unsafe {
            let low = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_NEQ_UQ>(self.0, o.0));
            let high = _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_NEQ_UQ>(self.1, o.1));
            (low | high << 4) as u8
        }
    }
    #[inline(always)]
    fn sum(self) -> f64 {
        sum_of(unsafe { _mm256_add_pd(self.0, self.1) })
    }
    #[inline(always)]
    fn smallest(self) -> f64 {
        least_of(unsafe { _mm256_min_pd(self.0, self.1) })
    }
    #[inline(always)]
    fn transpose(r: [Self; 8]) -> [Self; 8] {
        let mut out = r;
        for k in 0..2 {
            let (a, b, c, d) = (r[4 * k], r[4 * k + 1], r[4 * k + 2], r[4 * k + 3]);
            let (top, low) = (quarter(a.0, b.0, c.0, d.0), quarter(a.1, b.1, c.1, d.1));
            for i in 0..4 {
                if k == 0 {
                    (out[i].0, out[4 + i].0) = (top[i], low[i]);
                } else {
                    (out[i].1, out[4 + i].1) = (top[i], low[i]);
                }
            }
        }
        out
    }
}
