//! The objective as one sum, or as levels of which each comes before all that follow.

use serde::{Deserialize, Serialize};

use super::{BatchCost, Weights};

/// A term of the objective, by its name in [`Weights`] and [`BatchCost`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// Machine hours, fixed cost of batches, short batches and changes of material.
    Production,
    /// Freight, with what orders that are shipped apart cost.
    Freight,
    /// Lateness of orders.
    Lateness,
    /// End of the last batch.
    Makespan,
    /// Promises and deadlines that are missed.
    Missed,
    /// Copies that leave the batch in which they are at present.
    Moved,
}

impl Term {
    /// All terms.
    pub const ALL: [Self; 6] = [
        Self::Production,
        Self::Freight,
        Self::Lateness,
        Self::Makespan,
        Self::Missed,
        Self::Moved,
    ];

    /// Its name, as files have it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Freight => "freight",
            Self::Lateness => "lateness",
            Self::Makespan => "makespan",
            Self::Missed => "missed",
            Self::Moved => "moved",
        }
    }
}

impl Weights {
    /// Weight of a term.
    pub fn of(&self, term: Term) -> i64 {
        match term {
            Term::Production => self.production,
            Term::Freight => self.freight,
            Term::Lateness => self.lateness,
            Term::Makespan => self.makespan,
            Term::Missed => self.missed,
            Term::Moved => self.moved,
        }
    }

    /// The terms of each level, the first first, with those that no level names as the last one if
    /// any of them counts. All terms are one level where none is named.
    ///
    /// ```
    /// use platewright_model::batching::{Term, Weights};
    /// let levels = vec![vec![Term::Missed, Term::Lateness]];
    /// let ranked = Weights { levels, ..Weights::default() }.ranked();
    /// assert_eq!(ranked[0], [Term::Missed, Term::Lateness]);
    /// assert_eq!(ranked[1], [Term::Production, Term::Freight, Term::Makespan, Term::Moved]);
    /// assert_eq!(Weights::default().ranked(), [Term::ALL]);
    /// ```
    pub fn ranked(&self) -> Vec<Vec<Term>> {
        let named = |term: &Term| self.levels.iter().flatten().any(|other| other == term);
        let rest: Vec<Term> = Term::ALL.into_iter().filter(|term| !named(term)).collect();
        let mut ranked = self.levels.clone();
        if ranked.is_empty() || rest.iter().any(|term| self.of(*term) != 0) {
            ranked.push(rest);
        }
        ranked
    }

    /// One sum of the terms, each with its weight times that of its level in `times`, which goes
    /// with [`Self::ranked`]; a term of no level does not count.
    pub fn multiplied(&self, times: &[i64]) -> Self {
        let ranked = self.ranked();
        let of = |term: Term| {
            let level = ranked.iter().position(|level| level.contains(&term));
            level.map_or(0, |level| self.of(term) * times[level])
        };
        Self {
            production: of(Term::Production),
            freight: of(Term::Freight),
            lateness: of(Term::Lateness),
            makespan: of(Term::Makespan),
            missed: of(Term::Missed),
            moved: of(Term::Moved),
            levels: Vec::new(),
        }
    }

    /// One sum of the terms of the first level alone.
    pub fn first(&self) -> Self {
        let mut times = vec![0; self.ranked().len()];
        times[0] = 1;
        self.multiplied(&times)
    }
}

impl BatchCost {
    /// Cost of a term, not weighted.
    pub fn of(&self, term: Term) -> i64 {
        match term {
            Term::Production => self.production,
            Term::Freight => self.freight,
            Term::Lateness => self.lateness,
            Term::Makespan => self.makespan,
            Term::Missed => self.missed,
            Term::Moved => self.moved,
        }
    }

    /// The sum of all terms, each times its weight, whatever their levels.
    pub fn objective(&self, weights: &Weights) -> i64 {
        self.sum_of(weights, &Term::ALL)
    }

    /// What each level of [`Weights::ranked`] costs. Of two plans that print the same, that is
    /// better of which this is less, by the first level at which they differ.
    ///
    /// ```
    /// use platewright_model::batching::{BatchCost, Term, Weights};
    /// let weights = Weights { levels: vec![vec![Term::Lateness]], ..Weights::default() };
    /// let cost = BatchCost { production: 8, freight: 1, lateness: 3, ..BatchCost::default() };
    /// assert_eq!(cost.levels(&weights), [3, 9]);
    /// assert_eq!(cost.levels(&Weights::default()), [12]);
    /// ```
    pub fn levels(&self, weights: &Weights) -> Vec<i64> {
        weights.ranked().iter().map(|level| self.sum_of(weights, level)).collect()
    }

    fn sum_of(&self, weights: &Weights, terms: &[Term]) -> i64 {
        terms.iter().map(|term| weights.of(*term) * self.of(*term)).sum()
    }
}
