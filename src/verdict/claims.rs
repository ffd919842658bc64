//! The catalogue: every claim of the four sources that can be put to a test, in this project's words.

use crate::error::{Error, Result};

/// One claim, or one part of a claim that says several things, put so that a measurement can refute it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// Stable name: the source's letter (P paper, R report, S slides, T thesis) and a number; of a part a small letter more.
    pub id: &'static str,
    /// Where the source makes it.
    pub source: &'static str,
    /// What it says.
    pub statement: &'static str,
}

impl Claim {
    /// The claim of which this is a part: `S5` for `S5a`; none for a whole claim.
    ///
    /// ```
    /// use implicit_bias::verdict::claims;
    /// let wholes: Vec<_> = claims().iter().filter_map(|claim| Some(claim.part_of()?.id)).collect();
    /// assert!(wholes.contains(&"S5") && !wholes.contains(&"S6"));
    /// ```
    pub fn part_of(&self) -> Option<&'static Claim> {
        CLAIMS.iter().find(|claim| has_part(claim.id, self.id))
    }
}

/// All claims, by source and number, each with its parts below it.
///
/// ```
/// use implicit_bias::verdict::claims;
/// assert!(claims().iter().any(|c| c.id == "R1" && c.source.contains("Remark 4.1")));
/// ```
pub fn claims() -> &'static [Claim] {
    CLAIMS
}

/// The parts of the claim of that id.
pub(crate) fn parts(id: &str) -> impl Iterator<Item = &'static Claim> {
    CLAIMS.iter().filter(move |part| has_part(id, part.id))
}

/// Whether `part` is the name of a part of `whole`: the same and one small letter.
pub(super) fn has_part(whole: &str, part: &str) -> bool {
    part.strip_prefix(whole).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_lowercase()))
}

/// The claim, or part of a claim, of that id.
pub(super) fn find(id: &str) -> Result<&'static Claim> {
    CLAIMS.iter().find(|c| c.id == id).ok_or_else(|| {
        let range = |ids: Vec<&str>| format!("{} … {}", ids[0], ids[ids.len() - 1]);
        let family = |letter: char| {
            let wholes = CLAIMS.iter().filter(|c| c.id.starts_with(letter) && c.part_of().is_none());
            range(wholes.map(|c| c.id).collect())
        };
        let letter = id.trim().chars().next().map(|c| c.to_ascii_uppercase());
        // The parts of the asked claim where there are any, else the asked family, otherwise all four.
        let close = match CLAIMS.iter().find(|c| has_part(c.id, id) && parts(c.id).next().is_some()) {
            Some(whole) => format!("{}, {}", whole.id, range(parts(whole.id).map(|part| part.id).collect())),
            None => match letter {
                Some(letter) if "PRST".contains(letter) => family(letter),
                _ => "PRST".chars().map(family).collect::<Vec<_>>().join(", "),
            },
        };
        Error::argument("Verdict::of(id)", format_args!("a claim, {close}"), format_args!("{id:?}"))
    })
}

const fn claim(id: &'static str, source: &'static str, statement: &'static str) -> Claim {
    Claim { id, source, statement }
}

// One line a claim, so that the table can be searched and compared line by line.
#[rustfmt::skip]
const CLAIMS: &[Claim] = &[
    claim("P1", "Ji & Telgarsky, Theorems 1 and 3", "On separable data the risk of a deep linear network goes to zero, along gradient flow and along gradient descent with the prescribed decreasing step."),
    claim("P2", "Ji & Telgarsky, Theorems 1 and 3", "The Frobenius norm of every layer and the norm of the product grow without bound."),
    claim("P3", "Ji & Telgarsky, Theorems 1 and 3", "Every normalised layer tends to a matrix of rank one: ‖Wₖ‖₂/‖Wₖ‖_F → 1 for each k."),
    claim("P4", "Ji & Telgarsky, Theorems 1 and 3", "Neighbouring layers line up: the top right singular vector of Wₖ₊₁ and the top left one of Wₖ become parallel."),
    claim("P5", "Ji & Telgarsky, Theorems 1 and 3", "Divided by the product of the layers' Frobenius norms, the network's linear map tends to ±v₁, the top right singular vector of the first layer."),
    claim("P6", "Ji & Telgarsky, Theorems 2 and 4", "Under logistic and exponential loss the network's linear map tends in direction to the hard-margin SVM through the origin."),
    claim("P7", "Ji & Telgarsky, equations (2) and (3)", "Gradient flow keeps Wₖ₊₁ᵀWₖ₊₁ − WₖWₖᵀ, and with it each difference of squared Frobenius norms, constant."),
    claim("P8", "Ji & Telgarsky, Lemma 1", "While the layers stay in a ball, the first layer's gradient is bounded away from zero, so flow leaves every ball in finite time."),
    claim("P9", "Ji & Telgarsky, Lemma 2", "At every time of the flow ‖Wₖ‖_F² − ‖Wₖ‖₂² and the misalignment of neighbouring layers stay under bounds fixed by the start."),
    claim("P10", "Ji & Telgarsky, Lemmas 3 and 4", "For almost all data with spanning support vectors the constant α is positive, and past a threshold the risk does not fall along the part of w orthogonal to the SVM."),
    claim("P11", "Ji & Telgarsky, Lemmas 5 and 6, equation (4)", "In the ball of radius R the risk is β(R)-smooth with β(R) = 2L²R^(2L−2)(β+G); the prescribed step never raises the risk and carries the iterates out of every ball."),
    claim("P12", "Ji & Telgarsky, Lemmas 7 and 8", "The prescribed steps sum to infinity, and gradient descent departs from the flow's conserved quantities by at most twice the initial risk."),
    claim("P13", "Ji & Telgarsky, Appendix A", "A start of risk above R(0) can keep the risk from ever reaching zero, while W₁ = 0 with a nonzero product of the other layers is always a good start."),
    claim("P14", "Ji & Telgarsky, Figure 1a", "A one-layer and a four-layer linear network trained on the same data end with the same decision line."),
    claim("P15", "Ji & Telgarsky, Figure 1b", "In a four-layer linear network the risk falls while the four ratios ‖Wₖ‖₂/‖Wₖ‖_F rise to one together."),
    claim("P16", "Ji & Telgarsky, Figure 2a", "In AlexNet on CIFAR-10 from the default start, the three dense layers' ratios ‖W‖₂/‖W‖_F end far above the least value that their shapes allow."),
    claim("P17", "Ji & Telgarsky, Figure 2b", "The same rise of the ratios shows when AlexNet's dense layers start with equal Frobenius norms of 4."),
    claim("R1", "Scialanga & Yesbay, Remark 4.1", "The constant step 0.01 brings the risk down, while the prescribed step falls below 1e-5 within a few thousand iterations."),
    claim("R2", "Scialanga & Yesbay, Remark 4.1", "With steps larger than the prescribed ones the layers often do not come close to rank one."),
    claim("R3", "Scialanga & Yesbay, Remark 4.2", "The alignment reached depends strongly on the largest initial Frobenius norm and hardly on the width."),
    claim("R4", "Scialanga & Yesbay, Figure 1", "Of two starts of depth 4 whose scales differ fivefold, the small one reaches ratios of one and the large one levels off below."),
    claim("R4a", "Scialanga & Yesbay, Figure 1 and Remark 4.2", "The smaller of the two starts reaches ratios of one."),
    claim("R4b", "Scialanga & Yesbay, Figure 1 and Remark 4.2", "The ratios of the larger start level off at a limit that is not very close to one."),
    claim("R5", "Scialanga & Yesbay, Remark 4.3 and Figure 2", "Under the prescribed step a network of depth 6 needs many times the iterations of one of depth 4 for the same alignment."),
    claim("R6", "Scialanga & Yesbay, section 5.1 and Figure 3, left", "With the activation max(mx, x), m from 0 to 1, the third layer's ratio tends to one on separable data, and the other layers follow."),
    claim("R7", "Scialanga & Yesbay, section 5.1 and Figure 3, right", "On two moons the ratios tend to one as well, even in a linear network, which cannot fit them."),
    claim("R8", "Scialanga & Yesbay, Hypothesis 5.2 (its sentence breaks off)", "Under logistic loss the layers of a network line up although no hyperplane separates the data."),
    claim("R9", "Scialanga & Yesbay, Remark 5.3", "The slope m of the leaky ReLU changes how fast the layers align."),
    claim("R10", "Scialanga & Yesbay, section 5.2 and Figure 4", "The last layer of a ReLU network of widths (256, 256, 256) trained on two moons tends to the hard-margin SVM on its own features."),
    claim("S1", "Yao, Corollary 1", "Started at zero, gradient descent and SGD on least squares reach the interpolating solution of least norm, X⁺y."),
    claim("S2", "Yao, Lemma 3", "Iterates from zero never leave the span of the data rows, and from any start the part orthogonal to that span does not move."),
    claim("S3", "Yao, early stopping", "Early stopping and ridge regression with λ ~ 1/t both damp the small eigenvalues, and their risk paths run close together."),
    claim("S4", "Yao, early stopping, rates", "For sources smoother than r = 1 the error of ridge regression stays at order 1/t, while that of early stopping falls as t⁻ʳ."),
    claim("S5", "Yao, two-layer linear networks", "The printed gradient and Hessian of ½‖W₂W₁X − Y‖² are those of that loss."),
    claim("S5a", "Yao, two-layer linear networks", "Read letter by letter, the printed gradient flow and the printed Hessian are those of ½‖W₂W₁X − Y‖²."),
    claim("S5b", "Yao, two-layer linear networks, corrected", "With Ẇ₂ = (Y − W₂W₁X)XᵀW₁ᵀ and the last Hessian block I ⊗ W₁XXᵀW₁ᵀ, gradient and Hessian are those of ½‖W₂W₁X − Y‖²."),
    claim("S6", "Yao, Lemmas 4 and 5, Theorem 2", "With W₁'s rows in the span of the data and W₂ ≠ 0, gradient descent and SGD on a two-layer linear network reach the solution of least norm."),
    claim("S7", "Yao, polynomial networks, equations (16) and (17)", "The printed gradients of the network W₂(W₁X)^m are right, and gradient descent from small weights ends near the least norm."),
    claim("S7a", "Yao, polynomial networks, equations (16) and (17)", "The printed gradients of ½‖W₂(W₁X)^m − Y‖² are right."),
    claim("S7b", "Yao, polynomial networks, m = 1", "With the power m = 1 gradient descent from small weights ends near the least norm."),
    claim("S7c", "Our question, after Yao, polynomial networks", "With powers m > 1 gradient descent from small weights ends near the least norm."),
    claim("S8", "Yao, Theorem 1 (Block, Novikoff)", "The perceptron makes at most (2R/γ)² mistakes on data of radius R and margin γ."),
    claim("S8a", "Yao, Theorem 1 (Block, Novikoff)", "On data of radius R and margin γ the perceptron stops, after at most (2R/γ)² updates."),
    claim("S8b", "Yao, proof of Theorem 1", "After each update k of the perceptron ‖w‖² ≤ 2kR² and ⟨w_opt, w⟩ ≥ kγ, with the bias as one more weight."),
    claim("S9", "Yao, landscape of the logistic and exponential loss", "On separable data these losses have no minimiser: their infimum lies at infinity in the direction of the largest margin."),
    claim("S10", "Soudry et al. on Yao's slides, Theorem 3", "Gradient descent on the logistic loss is w(t) = ŵ log t + ρ(t) with bounded ρ: the norm grows as log t, angle and margin gap shrink as 1/log t, the loss as 1/t."),
    claim("S11", "Soudry et al. on Yao's slides, equation (6)", "The limit direction satisfies the SVM's KKT conditions: a nonnegative combination of exactly the points at the margin."),
    claim("S12", "Soudry et al. on Yao's slides, Corollary 8", "When one layer of a ReLU network is trained alone and no unit switches any more, its weights tend in direction to that layer's own maximum-margin solution."),
    claim("S12a", "Soudry et al. on Yao's slides, Corollary 8", "Trained alone, the last layer of a ReLU network tends in direction to its own maximum-margin solution."),
    claim("S12b", "Soudry et al. on Yao's slides, Corollary 8", "Trained alone, a hidden layer of a ReLU network in which no unit switches any more tends in direction to its own maximum-margin solution."),
    claim("S13", "Poggio, and Soudry et al. Figure 2, on Yao's slides", "For a CNN on CIFAR-10 under SGD with momentum the training loss falls as 1/t, the last layer's norm grows as log t, and the validation loss rises while the validation error still falls."),
    claim("T1", "Dwaraknath, section 2.1.2", "The inverse relative scale κ of a model falls as 1/α when its output is multiplied by α, and as 1/m with the width m."),
    claim("T2", "Dwaraknath, section 2.1.3", "For small κ the linear equation ẏ = −H(y − ỹ), solved in the eigenbasis of the initial kernel, predicts training."),
    claim("T3", "Dwaraknath, section 2.2.1 and Figure 2.1", "For nearby clouds of neurons the Wasserstein distance is the Euclidean distance of matched neurons, so gradient descent moves a wide network's neurons as a flow of particles."),
    claim("T4", "Dwaraknath, section 2.2.2", "Where the kernel's least eigenvalue stays above μ, the loss falls at least at the linear rate 1 − μ/L."),
    claim("T5", "Dwaraknath, section 2.3", "The known closed form describes gradient flow of depth-2 linear networks, and the preference for low rank grows with depth."),
    claim("T6", "Dwaraknath, Figures 3.1 to 3.3", "The target is a sine along one direction of the plane: constant across it, and of the stated frequency along it."),
    claim("T7", "Dwaraknath, Figures 4.1 and 4.2", "The one-dimensional learner fits 0.5, 1 and 1.5 Hz at every size of the training set, with a loss that rises with frequency."),
    claim("T8", "Dwaraknath, Hypothesis 1 and Figure 4.3", "Although its one-dimensional part can learn the target, the three-layer network often fails: its final losses fall into two separate groups."),
    claim("T9", "Dwaraknath, Figures 4.4a and 4.4b", "Over 100 runs at 0.7 Hz the final |CosSim| tells successes from failures, and the initial |CosSim| predicts which it will be."),
    claim("T10", "Dwaraknath, Figure 4.5", "Started in a cone around the right direction the network learns 1 Hz when the cone is narrow, but not 1.5 Hz."),
    claim("T11", "Dwaraknath, Hypotheses 2 and 3, Figures 4.6 and 4.9", "Training has two phases: |CosSim| rises to one while the kernel moves and the loss hardly does, then the loss falls with the kernel at rest."),
    claim("T12", "Dwaraknath, Figures 4.7 and 4.8", "In a success the data projected on w come to rest before g fits them; in a failure g fits a smoothed version of scattered points."),
    claim("T13", "Dwaraknath, Hypothesis 4 and Figure 4.10", "Started at the right direction the network trains as the one-dimensional learner does, and the direction stays."),
    claim("T14", "Dwaraknath, Hypothesis 5 and Figure 4.11", "Holding g at the true function makes the direction harder to learn, not easier."),
    claim("T15", "Dwaraknath, Figure 4.12", "On (x² + y² − 1)² − 0.5x gradient descent in the plane escapes to the global minimum, while held on y = 0 it stays at a worse one."),
    claim("T16", "Dwaraknath, Hypothesis 6 and Figure 4.13", "Starting g at the true function and training everything brings no clear gain over a random start."),
    claim("T17", "Dwaraknath, Hypothesis 7 and Figure 4.14", "A bottleneck wider than one lowers the rate of success at 0.5 Hz, raises it somewhat at 1 Hz and changes nothing at 1.5 Hz."),
    claim("T18", "Dwaraknath, Hypothesis 8 and Figure 4.15", "The least eigenvalue of the minibatch kernel stays near machine precision throughout, so conditioning cannot explain success."),
    claim("T19", "Dwaraknath, Figure 4.16", "In 100 dimensions the final training loss is not monotone in the size of the training set."),
];
