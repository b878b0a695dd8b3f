//! Vectors of space.

/// A point or a direction.
pub(crate) type Vector = [f64; 3];

#[inline(always)]
pub(crate) fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[inline(always)]
pub(crate) fn cross(a: Vector, b: Vector) -> Vector {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[inline(always)]
pub(crate) fn plus(a: Vector, b: Vector) -> Vector {
    [a[0] + b[0], a[1] + b[1], a[2] + b[2]]
}

#[inline(always)]
pub(crate) fn minus(a: Vector, b: Vector) -> Vector {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

#[inline(always)]
pub(crate) fn times(a: Vector, by: f64) -> Vector {
    a.map(|x| x * by)
}

pub(crate) fn length(a: Vector) -> f64 {
    dot(a, a).sqrt()
}

/// Of length 1.
pub(crate) fn unit(a: Vector) -> Vector {
    times(a, 1.0 / length(a))
}

/// Rows of a rotation.
pub(crate) type Rotation = [Vector; 3];

/// A vector turned.
#[inline(always)]
pub(crate) fn turned(by: &Rotation, v: Vector) -> Vector {
    by.map(|row| dot(row, v))
}

/// A vector turned back.
#[inline(always)]
pub(crate) fn turned_back(by: &Rotation, v: Vector) -> Vector {
    [0, 1, 2].map(|k| by[0][k] * v[0] + by[1][k] * v[1] + by[2][k] * v[2])
}

/// What `to` is, seen from `from`.
pub(crate) fn relative(from: &Rotation, to: &Rotation) -> Rotation {
    let column = |k: usize| turned_back(from, [to[0][k], to[1][k], to[2][k]]);
    let columns = [0, 1, 2].map(column);
    [0, 1, 2].map(|row| columns.map(|column| column[row]))
}
