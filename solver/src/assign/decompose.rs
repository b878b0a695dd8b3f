//! Parts of an assignment that do not touch one another.

use petgraph::graph::{NodeIndex, UnGraph};
use petgraph::visit::Dfs;

use crate::instance::Instance;

/// Jobs in connected parts: two jobs touch if they share an order that can cost anything in
/// common, a limited feedstock, or (`by_machine`) a machine. Parts and the jobs in them are in
/// ascending order.
pub(crate) fn parts(instance: &Instance<'_>, jobs: &[usize], by_machine: bool) -> Vec<Vec<usize>> {
    let mut graph = UnGraph::<(), ()>::default();
    let nodes = |graph: &mut UnGraph<(), ()>, n: usize| -> Vec<NodeIndex> {
        (0..n).map(|_| graph.add_node(())).collect()
    };
    let job_nodes = nodes(&mut graph, instance.jobs.len());
    let order_nodes = nodes(&mut graph, instance.orders.len());
    let machine_nodes = nodes(&mut graph, instance.machines.len());
    let centre_nodes = nodes(&mut graph, instance.centres.len());
    for &job in jobs {
        for share in &instance.jobs[job].shares {
            graph.add_edge(job_nodes[job], order_nodes[share.order], ());
        }
        for choice in &instance.jobs[job].choices {
            if by_machine {
                graph.add_edge(job_nodes[job], machine_nodes[choice.machine], ());
            }
            if instance.stock_g(job, choice.machine).is_some() {
                let centre = instance.machines[choice.machine].centre;
                graph.add_edge(job_nodes[job], centre_nodes[centre], ());
            }
        }
    }
    let mut part_of = vec![usize::MAX; graph.node_count()];
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for &job in jobs {
        if part_of[job_nodes[job].index()] == usize::MAX {
            let mut walk = Dfs::new(&graph, job_nodes[job]);
            while let Some(node) = walk.next(&graph) {
                part_of[node.index()] = parts.len();
            }
            parts.push(Vec::new());
        }
        parts[part_of[job_nodes[job].index()]].push(job);
    }
    parts
}
