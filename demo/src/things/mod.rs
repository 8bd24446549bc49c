//! The things that are drawn, by kind.

pub mod bath;
pub mod cloth;
pub mod cups;
pub mod desk;
pub mod foliage;
pub mod games;
pub mod garden;
pub mod jewels;
pub mod kitchen;
pub mod larder;
pub mod leather;
pub mod light;
pub mod outdoors;
pub mod paper;
pub mod scenery;
pub mod shoes;
pub mod tech;
pub mod toys;
pub mod vessels;
pub mod wall;
pub mod wear;
pub mod wood;
