//! Eight f64 lanes on AVX-512, AVX2 or plain Rust: the same operations in the same order, hence the same bits.
//!
//! A kernel is written once, generic over [`Lanes`], and compiled three times by [`dispatch!`]; the widest unit that the
//! machine has is chosen at run time. Multiply-add is fused everywhere (in plain Rust by [`f64::mul_add`]), so that a run
//! with constant steps or the paper's repeats to the bit on another machine; other rules call the platform's ln and exp.

/// Eight consecutive numbers, aligned for a single load.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub(crate) struct Block(pub [f64; 8]);

impl Block {
    pub const LEN: usize = 8;
    pub const ZERO: Self = Self([0.0; 8]);

    /// The numbers of all blocks in order.
    pub fn numbers(blocks: &[Self]) -> &[f64] {
        // SAFETY: a Block is eight f64 without padding.
        unsafe { std::slice::from_raw_parts(blocks.as_ptr().cast(), blocks.len() * Self::LEN) }
    }

    /// The numbers of all blocks in order.
    pub fn numbers_mut(blocks: &mut [Self]) -> &mut [f64] {
        // SAFETY: a Block is eight f64 without padding.
        unsafe { std::slice::from_raw_parts_mut(blocks.as_mut_ptr().cast(), blocks.len() * Self::LEN) }
    }
}

/// Eight lanes of f64.
///
/// # Safety
/// The implementations for a vector unit may only be used inside a function that enables it: see [`dispatch!`].
pub(crate) unsafe trait Lanes: Copy {
    /// Rows and blocks of a tile of sums that stays in registers, beside the factors.
    const TILE: (usize, usize);
    /// Whether this is a vector unit. In plain Rust, which hardly anybody runs, copies of a kernel for special sizes would only
    /// take time to compile: a sixth of the crate's.
    const VECTOR: bool = true;

    fn splat(v: f64) -> Self;
    fn load(b: &Block) -> Self;
    fn store(self, b: &mut Block);
    /// Eight numbers at any address.
    fn load_from(v: &[f64; 8]) -> Self;
    fn store_to(self, v: &mut [f64; 8]);
    fn add(self, o: Self) -> Self;
    fn sub(self, o: Self) -> Self;
    fn mul(self, o: Self) -> Self;
    fn div(self, o: Self) -> Self;
    /// self · m + a, rounded once.
    fn fma(self, m: Self, a: Self) -> Self;
    /// `self > o ? self : o`: a NaN in `o` stays, as on x86.
    fn max(self, o: Self) -> Self;
    /// `self < o ? self : o`: a NaN in `o` stays, as on x86.
    fn min(self, o: Self) -> Self;
    fn abs(self) -> Self;
    /// The bits of every lane moved left by 52: turns a biased exponent into a power of two.
    fn exponent(self) -> Self;
    /// `self ≥ 0 ? yes : no`.
    fn select_nonnegative(self, yes: Self, no: Self) -> Self;
    /// Bit l tells whether lane l is > 0.
    fn positive(self) -> u8;

    /// Bit l tells whether lane l is another number than that of `o`; NaN is other than everything.
    fn differs(self, o: Self) -> u8;

    /// Row i, lane j of the result is lane i of row j.
    fn transpose(rows: [Self; 8]) -> [Self; 8];

    #[inline(always)]
    fn array(self) -> [f64; 8] {
        let mut b = Block::ZERO;
        self.store(&mut b);
        b.0
    }

    /// Lane 0.
    #[inline(always)]
    fn first(self) -> f64 {
        self.array()[0]
    }

    /// Sum of the lanes in a fixed order.
    #[inline(always)]
    fn sum(self) -> f64 {
        let a = self.array();
        ((a[0] + a[4]) + (a[1] + a[5])) + ((a[2] + a[6]) + (a[3] + a[7]))
    }

    /// Smallest lane; lanes must not be NaN.
    #[inline(always)]
    fn smallest(self) -> f64 {
        let a = self.array();
        let mut least = a[0];
        for v in &a[1..] {
            least = if *v < least { *v } else { least };
        }
        least
    }
}

// SAFETY: plain Rust needs no vector unit.
unsafe impl Lanes for [f64; 8] {
    const TILE: (usize, usize) = (4, 1);
    const VECTOR: bool = false;

    #[inline(always)]
    fn splat(v: f64) -> Self {
        [v; 8]
    }
    #[inline(always)]
    fn load(b: &Block) -> Self {
        b.0
    }
    #[inline(always)]
    fn store(self, b: &mut Block) {
        b.0 = self;
    }
    #[inline(always)]
    fn load_from(v: &[f64; 8]) -> Self {
        *v
    }
    #[inline(always)]
    fn store_to(self, v: &mut [f64; 8]) {
        *v = self;
    }
    #[inline(always)]
    fn add(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] + o[i])
    }
    #[inline(always)]
    fn sub(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] - o[i])
    }
    #[inline(always)]
    fn mul(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] * o[i])
    }
    #[inline(always)]
    fn div(self, o: Self) -> Self {
        std::array::from_fn(|i| self[i] / o[i])
    }
    // Eight calls of libm where the processor has no such instruction: not worth a copy in every place.
    #[inline(never)]
    fn fma(self, m: Self, a: Self) -> Self {
        std::array::from_fn(|i| self[i].mul_add(m[i], a[i]))
    }
    #[inline(always)]
    fn max(self, o: Self) -> Self {
        std::array::from_fn(|i| if self[i] > o[i] { self[i] } else { o[i] })
    }
    #[inline(always)]
    fn min(self, o: Self) -> Self {
        std::array::from_fn(|i| if self[i] < o[i] { self[i] } else { o[i] })
    }
    #[inline(always)]
    fn abs(self) -> Self {
        self.map(f64::abs)
    }
    #[inline(always)]
    fn exponent(self) -> Self {
        self.map(|v| f64::from_bits(v.to_bits() << 52))
    }
    #[inline(always)]
    fn select_nonnegative(self, yes: Self, no: Self) -> Self {
        std::array::from_fn(|i| if self[i] >= 0.0 { yes[i] } else { no[i] })
    }
    #[inline(always)]
    fn positive(self) -> u8 {
        (0..8).fold(0, |bits, i| bits | u8::from(self[i] > 0.0) << i)
    }
    #[inline(always)]
    fn differs(self, o: Self) -> u8 {
        (0..8).fold(0, |bits, i| bits | u8::from(self[i] != o[i]) << i)
    }
    #[inline(always)]
    fn transpose(rows: [Self; 8]) -> [Self; 8] {
        std::array::from_fn(|i| std::array::from_fn(|j| rows[j][i]))
    }
}

#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

/// The vector unit that kernels use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Plain,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Unit {
    /// The widest unit of this machine; `IMPLICIT_BIAS_SIMD=avx2` or `=plain` asks for less, to compare speeds or bits.
    pub fn detect() -> Self {
        #[cfg(target_arch = "x86_64")]
        {
            let most = std::env::var("IMPLICIT_BIAS_SIMD").unwrap_or_default();
            if most != "plain" {
                if most != "avx2" && is_x86_feature_detected!("avx512f") {
                    return Self::Avx512;
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    return Self::Avx2;
                }
            }
        }
        Self::Plain
    }
}

/// Defines `fn name(unit, args…)` that runs the generic kernel `$kernel::<L>` on the unit's lanes.
macro_rules! dispatch {
    ($(#[$doc:meta])* fn $name:ident = $kernel:ident ( $($arg:ident : $ty:ty),* $(,)? ) $(-> $ret:ty)?) => {
        $(#[$doc])*
        #[inline]
        #[allow(clippy::too_many_arguments)]
        pub(crate) fn $name(unit: $crate::simd::Unit, $($arg: $ty),*) $(-> $ret)? {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f")]
            fn on_avx512($($arg: $ty),*) $(-> $ret)? { $kernel::<$crate::simd::x86::Avx512>($($arg),*) }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            fn on_avx2($($arg: $ty),*) $(-> $ret)? { $kernel::<$crate::simd::x86::Avx2>($($arg),*) }
            // Kept out of the callers, which would each be compiled with a copy of it.
            #[inline(never)]
            fn on_plain($($arg: $ty),*) $(-> $ret)? { $kernel::<[f64; 8]>($($arg),*) }
            match unit {
                // SAFETY: a unit other than `Plain` comes from `Unit::detect`, which saw these features.
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Unit::Avx512 => unsafe { on_avx512($($arg),*) },
                #[cfg(target_arch = "x86_64")]
                $crate::simd::Unit::Avx2 => unsafe { on_avx2($($arg),*) },
                $crate::simd::Unit::Plain => on_plain($($arg),*),
            }
        }
    };
}
pub(crate) use dispatch;
