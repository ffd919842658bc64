//! Dead networks and units.

use implicit_bias::diagnose::dead_units;
use implicit_bias::prelude::*;

#[test]
fn dead_networks_are_told_from_stationary_ones() {
    let data = Dataset::new(array![[1.0, 0.5], [0.3, 1.0], [0.5, 0.5]], array![1.0, -1.0, 1.0]).unwrap();
    let rule = StepRule::Constant(0.1);
    let run = |net: &Network| {
        let mut d = Descent::new(&Loss::Logistic.on(&data), net, rule).unwrap();
        (d.run(100, Record::Every(10), |at| Ok(at.risk())).unwrap().stopped, d.steps())
    };
    // All first-layer inputs are negative on these data.
    let dead = Network::from_layers(&[array![[-1.0, -1.0], [-0.5, -2.0]], array![[1.0, 1.0]]]).unwrap();
    let dead = dead.with_slope(0.0).unwrap();
    assert_eq!(run(&dead), (Stopped::Dead, 0));
    assert_eq!(fate(&dead, &data).unwrap(), Fate::Dead);
    assert_eq!(dead_units(&dead, &data).unwrap(), [2]);
    // A slope above 0 revives it; zero weights are stationary without being dead.
    assert_eq!(run(&dead.clone().with_slope(0.1).unwrap()).0, Stopped::Steps);
    let zero = Network::from_layers(&[array![[0.0, 0.0]], array![[0.0]]]).unwrap();
    assert_eq!(run(&zero).0, Stopped::Stationary);
    // One point dies in the first layer, the others in the second: no unit is dead everywhere, yet nothing comes through.
    let cut = Dataset::new(array![[1.0], [-1.0]], array![1.0, -1.0]).unwrap();
    let net = Network::from_layers(&[array![[1.0]], array![[-1.0]], array![[1.0]]]).unwrap().with_slope(0.0).unwrap();
    assert!(is_dead(&net, &cut).unwrap() && dead_units(&net, &cut).unwrap() == [0, 1]);
    // With biases a layer above may be active where the one below is not: nothing is dead then.
    let layers = [array![[1.0]], array![[-1.0]], array![[1.0]]];
    let mut alive = Network::from_layers(&layers).unwrap().with_slope(0.0).unwrap().with_biases().unwrap();
    alive.params_mut()[3] = 1.0;
    alive.params_mut()[5] = -0.5;
    let two = Dataset::new(array![[-1.0], [1.05]], array![1.0, -1.0]).unwrap();
    assert_eq!((is_dead(&alive, &two).unwrap(), fate(&alive, &two).unwrap()), (false, Fate::Separated));
    // The bound on the gradient does not hide that a network is dead.
    let mut d = Descent::new(&Loss::Logistic.on(&data), &dead, rule).unwrap();
    let stop = Stop { grad_norm: 1e-9, ..Stop::steps(10) };
    assert_eq!(d.run(stop, Record::Every(1), |_| Ok(())).unwrap().stopped, Stopped::Dead);
    // With biases in a dead network the output still moves, the network stays dead.
    let mut d = Descent::new(&Loss::Logistic.on(&data), &dead.clone().with_biases().unwrap(), rule).unwrap();
    assert_eq!(d.run(50, Record::Every(50), |_| Ok(())).unwrap().stopped, Stopped::Steps);
    assert_eq!(fate(d.network(), &data).unwrap(), Fate::Dead);
    let message = MaxMargin::fit_layer(&dead, &data, 2).unwrap_err();
    assert!(matches!(message, Error::DeadNetwork { layer: 2, n: 3 }), "{message}");
}
