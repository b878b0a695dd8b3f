//! Which machines can take which parts.

use platewright_model::batching::{BatchMachine, BatchProblem, Load, Way};

use super::hours;
use super::stock::is_plenty;

/// A problem without faults, and what people on its machines have the time for.
pub(super) struct Printing<'a> {
    pub(super) problem: &'a BatchProblem,
    staffed: Vec<Staffed>,
}

/// Whether people are ever there for as long as it takes.
#[derive(Clone, Copy)]
struct Staffed {
    set_up: bool,
    /// Set-up with a change of material.
    change: bool,
    unload: bool,
}

/// What a part takes on a machine that may print it.
#[derive(Clone, Copy)]
pub(super) struct Fit<'a> {
    pub(super) load: &'a Load,
    pub(super) way: &'a Way,
}

/// Peak of a full batch of a family on machines of a class; 0 where parts are not stacked.
pub(super) fn stack(problem: &BatchProblem, family: usize, class: usize) -> i64 {
    problem.families[family].stack.get(class).copied().unwrap_or(0)
}

impl<'a> Printing<'a> {
    pub(super) fn of(problem: &'a BatchProblem) -> Self {
        let staffed = problem.machines.iter().map(|machine| {
            let class = &problem.classes[machine.class];
            let ever = |work: i128| hours::ever(machine.calendar.as_ref(), work);
            let set_up = i128::from(class.setup);
            Staffed {
                set_up: ever(set_up),
                change: ever(set_up + i128::from(machine.changeover)),
                unload: ever(class.unload.into()),
            }
        });
        Self { problem, staffed: staffed.collect() }
    }

    /// The machines of a part's family.
    pub(super) fn machines(&self, part: usize) -> &'a [usize] {
        &self.problem.families[self.problem.parts[part].family].machines
    }

    /// What a part takes on a machine of its family while that holds a material, if it can.
    pub(super) fn fit(&self, part: usize, machine: usize, held: Option<usize>) -> Option<Fit<'a>> {
        let one = &self.problem.parts[part];
        let Staffed { set_up, change, unload } = self.staffed[machine];
        let changes = held.is_some_and(|held| held != self.material(part));
        if !unload || !(if changes { change } else { set_up }) {
            return None;
        }
        let on = &self.problem.machines[machine];
        let class = &self.problem.classes[on.class];
        let load = one.loads[on.class].as_ref().filter(|load| load.size <= class.capacity)?;
        Some(Fit { load, way: way(self.problem, on, one.order)? })
    }

    /// What a part takes on a machine of its family from what that holds at first, if it can.
    pub(super) fn fit_at_first(&self, part: usize, machine: usize) -> Option<Fit<'a>> {
        self.fit(part, machine, self.problem.machines[machine].loaded)
    }

    /// Whether every plan prints a part, whatever else it prints.
    pub(super) fn is_sure(&self, part: usize) -> bool {
        self.machines(part).iter().any(|machine| {
            let may_change = self.staffed[*machine].change;
            let loaded = self.problem.machines[*machine].loaded;
            let may = may_change || loaded.is_some() || self.holds_one_material(*machine);
            let plenty = is_plenty(self.problem, part, *machine);
            may && plenty && self.fit_at_first(part, *machine).is_some()
        })
    }

    fn holds_one_material(&self, machine: usize) -> bool {
        let on = self.problem.families.iter().filter(|f| f.machines.contains(&machine));
        let mut materials = on.map(|family| family.material);
        materials.next().is_none_or(|first| materials.all(|other| other == first))
    }

    fn material(&self, part: usize) -> usize {
        self.problem.families[self.problem.parts[part].family].material
    }
}

/// The way of an order from a machine.
pub(super) fn way<'a>(
    problem: &'a BatchProblem,
    machine: &BatchMachine,
    order: usize,
) -> Option<&'a Way> {
    problem.freight[machine.centre][problem.orders[order].region].as_ref()
}
