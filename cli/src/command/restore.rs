//! `platewright restore`: the original orders, out of the packages of a run alone.

use platewright_pipeline::restore;
use platewright_slicer::Restored;

use super::model_file::default_limits;
use crate::args::RunArgs;
use crate::exit::{Exit, Failure, chain};
use crate::output::{complain, say, say_json};

pub(crate) fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let restored = restore(&args.run, &default_limits()).map_err(|e| Failure::input(chain(&e)))?;
    if args.json {
        say_json(&restored)?;
    } else {
        show(&restored);
    }
    for fault in &restored.faults {
        complain(fault);
    }
    if restored.is_whole() {
        Ok(Exit::Done)
    } else {
        complain("the orders cannot be restored in full; what is missing or double is listed");
        Ok(Exit::Invalid)
    }
}

fn show(restored: &Restored) {
    for order in &restored.orders {
        say(&format!("{} of {}, due {}", order.order, order.customer, order.due));
        for line in &order.lines {
            let mut text = format!(
                "  line {}: {} × {} in {} by {}: {} in builds",
                line.number + 1,
                line.quantity,
                line.part,
                line.material,
                line.process,
                line.copies.len()
            );
            for (copies, what) in [
                (line.left_over.len(), "left over"),
                (line.missing.len(), "MISSING"),
                (line.double.len(), "DOUBLE"),
            ] {
                if copies > 0 {
                    text.push_str(&format!(", {copies} {what}"));
                }
            }
            say(&text);
        }
    }
}
