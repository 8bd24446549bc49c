//! The backdrops shops photograph before; each shop keeps to its own few.

use crate::draw::colour::Colour;

/// Warm and earthy.
pub const EARTH: [Colour; 5] =
    [Colour(0xefe3d3), Colour(0xe9cfc0), Colour(0xd3dccb), Colour(0xe8d7b4), Colour(0xd9d6cf)];
/// Washed linen.
pub const LINEN: [Colour; 5] =
    [Colour(0xeee7dc), Colour(0xd5dfe2), Colour(0xe9d6cb), Colour(0xdde1d2), Colour(0xe3d9e0)];
/// The blue hour.
pub const DUSK_LIGHT: [Colour; 5] =
    [Colour(0xcbd5dc), Colour(0xe6dccd), Colour(0xb9c4c0), Colour(0xdccbc4), Colour(0xc8c9d6)];
/// Limewashed walls.
pub const PALE: [Colour; 4] = [Colour(0xe7e9e2), Colour(0xdbe2df), Colour(0xefe4d2), Colour(0xe2dcd6)];
/// A southern kitchen.
pub const SUNNY: [Colour; 5] =
    [Colour(0xf3e2bd), Colour(0xe8c9ac), Colour(0xd8e0c6), Colour(0xcfe0e2), Colour(0xf0ddd0)];
/// A roastery.
pub const ROAST: [Colour; 4] = [Colour(0xe5d5c2), Colour(0xd5c8b9), Colour(0xcfdcdc), Colour(0xeee0cf)];
/// The west coast, in weather.
pub const COAST: [Colour; 5] =
    [Colour(0xdde3e4), Colour(0xe8e2d6), Colour(0xc9d6d4), Colour(0xe0d9d0), Colour(0xd6dde6)];
/// Stone and plaster.
pub const PLASTER: [Colour; 4] = [Colour(0xeadfd2), Colour(0xdcd8cd), Colour(0xe6cdb9), Colour(0xcfd6cf)];
/// A dressing table.
pub const PETAL: [Colour; 5] =
    [Colour(0xf0dfd8), Colour(0xdfe3dc), Colour(0xe7e0ea), Colour(0xefe7da), Colour(0xcdd6d8)];
/// A herb garden.
pub const HERBS: [Colour; 5] =
    [Colour(0xdce5d3), Colour(0xf0e9dc), Colour(0xe3dde8), Colour(0xf1ddd3), Colour(0xd6e3e1)];
/// Paper.
pub const PAPER: [Colour; 5] =
    [Colour(0xe9e4da), Colour(0xd3dde6), Colour(0xefdcc8), Colour(0xdbe2d0), Colour(0xe8d3d0)];
/// A nursery.
pub const PLAY: [Colour; 5] =
    [Colour(0xd6e8e4), Colour(0xf6e3c0), Colour(0xf2d8d0), Colour(0xdbe4ef), Colour(0xe3e9cf)];
/// Fell and sky.
pub const FELL: [Colour; 5] =
    [Colour(0xd3dfe6), Colour(0xd5dccb), Colour(0xe9dfcc), Colour(0xc9d3d6), Colour(0xeed9c6)];
/// A recording studio.
pub const STUDIO: [Colour; 5] =
    [Colour(0xe3e0db), Colour(0xcdd7dc), Colour(0xe9d5c4), Colour(0xd2dad0), Colour(0xdcd5e0)];
/// A greenhouse.
pub const GLASSHOUSE: [Colour; 5] =
    [Colour(0xf1e8d8), Colour(0xf0d9cc), Colour(0xd9e6e6), Colour(0xf3e6c4), Colour(0xe3e0ea)];
