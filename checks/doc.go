// Package checks is the language that every part of pwsync speaks: what is
// known (Facts), what can be wrong (Check), where (Subject), what came out
// (Result) and how it is told (Report).
//
// The package is pure. Facts go in and verdicts come out; there is no clock, no
// network, no log and no dependency in it. A run photographs the world once
// into [Facts]; [Evaluate] holds every [Check] of [All] against the photograph;
// [Explain] folds symptoms under the cause that accounts for them.
//
// Not knowing is a first-class answer. A [Fact] holds a value or the reason why
// there is none, and [Unknown] is the zero [Status]: taking any fact away can
// turn a verdict into Unknown, never into Pass or Fail.
//
// To add one more check: write its struct literal in the catalogue file of its
// scope, list it in [All] after the checks that can cause it, and give the lab
// a fault that makes it the named cause. The tests say what is missing.
package checks
