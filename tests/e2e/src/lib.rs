//! What only the real program can show: the binaries `souk` and `souk-sandbox` as processes, over real
//! sockets. `README.md` tells how to run it and what the long forms are.

#[cfg(test)]
mod command_line;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod guest;
#[cfg(test)]
mod http;
#[cfg(test)]
mod input;
#[cfg(test)]
mod market;
#[cfg(test)]
mod process;
#[cfg(test)]
mod races;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod stage;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod truth;
