//! Scratch.
use platewright_model::run::*;
struct L;
impl Listener for L {
    fn report(&self, p: &Progress<'_>) {
        if std::env::var("V").is_ok() && p.stage == "bound" && p.done % 50 == 0 {
            eprintln!("{} {}", p.done, p.text);
        }
    }
}
fn main() {
    let a: Vec<String> = std::env::args().collect();
    let p: platewright_model::batching::BatchProblem =
        serde_json::from_str(&std::fs::read_to_string(&a[1]).unwrap()).unwrap();
    let mut ctx = RunContext::with_iterations(a[3].parse().unwrap(), 0);
    if let Some(n) = a[2].strip_prefix('n') {
        ctx.budget =
            Budget { time: None, iterations: Some((n.parse::<f64>().unwrap() * 1e6) as u64) };
    } else {
        ctx.budget = Budget {
            time: Some(std::time::Duration::from_secs_f64(a[2].parse().unwrap())),
            iterations: None,
        };
    }
    ctx.listener = std::sync::Arc::new(L);
    let found = platewright_solver::batching::solve(
        &p,
        &platewright_solver::batching::Settings { prove: std::env::var("PROVE").is_ok() },
        &ctx,
    )
    .unwrap();
    let last = found.trace.last().unwrap();
    eprintln!(
        "{} -> {} in {:.2} s, {:.2} M moves/s",
        found.trace[0].objective,
        last.objective,
        last.seconds,
        found.iterations as f64 / last.seconds / 1e6
    );
    eprintln!(
        "bound {} gap {:.2} %",
        found.plan.bound,
        100.0 * (1.0 - found.plan.bound as f64 / last.objective)
    );
    if let Some(out) = a.get(5) {
        std::fs::write(out, serde_json::to_string(&found.plan).unwrap()).unwrap();
    }
    if let Some(out) = a.get(4) {
        let v: Vec<Vec<Vec<usize>>> = found
            .plan
            .machines
            .iter()
            .map(|m| {
                m.iter()
                    .map(|b| {
                        b.parts
                            .iter()
                            .flat_map(|c| std::iter::repeat_n(c.part, c.copies as usize))
                            .collect()
                    })
                    .collect()
            })
            .collect();
        std::fs::write(out, serde_json::to_string(&v).unwrap()).unwrap();
    }
}
