//! How a dataset shows itself.

use implicit_bias::prelude::*;

#[test]
fn debug_is_one_line() {
    let data = Dataset::new(array![[1.0, 2.0]], array![-1.0]).unwrap();
    assert_eq!(format!("{data:?}"), "Dataset: 1 point in R^2, 0 of +1, 1 of −1");
}

/// Not a test: what [`a_dataset_shows_itself`] runs in a process of its own, to read what is printed.
#[test]
#[ignore = "prints for another test"]
fn print_datasets() {
    GaussianClouds { n: 6, d: 9, distance: 1.0, std: 0.5 }.sample(0).unwrap().evcxr_display();
    Dataset::new(array![[1.0, 1.7e308], [-1.0, -1.7e308]], array![1.0, -1.0]).unwrap().evcxr_display();
    SoudryFour { n: 16 }.sample(0).unwrap().evcxr_display();
}

#[test]
fn a_dataset_shows_itself() {
    let itself = std::env::current_exe().unwrap();
    let arguments = ["--ignored", "--exact", "shown::print_datasets", "--nocapture"];
    let output = std::process::Command::new(itself).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let block = |mime: &str, number: usize| {
        let start = format!("EVCXR_BEGIN_CONTENT {mime}\n");
        text.split(&start).nth(number).unwrap().split("\nEVCXR_END_CONTENT").next().unwrap().to_owned()
    };
    let table = block("text/plain", 1);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "Dataset: 6 points in R^9, 3 of +1, 3 of −1; the first 5:");
    assert_eq!(lines[1], "x1\tx2\tx3\tx4\tx5\tx6\tx7\tx8\t…\ty");
    assert!(lines.len() == 7 && lines[2].ends_with("\t…\t+1") && lines[3].ends_with("\t…\t-1"), "{table}");
    assert_eq!(block("text/html", 1).matches("<tr>").count(), 6);
    assert_eq!(
        block("text/plain", 2),
        "Dataset: 2 points in R^2, 1 of +1, 1 of −1\nx1\tx2\ty\n1\t1.7e308\t+1\n-1\t-1.7e308\t-1"
    );
    // The only one in the plane is a picture.
    assert_eq!(text.matches("EVCXR_BEGIN_CONTENT application/vnd.plotly.v1+json").count(), 1);
    assert!(block("application/vnd.plotly.v1+json", 1).contains("Dataset: 16 points in R^2, 8 of +1, 8 of −1"));
}
