// Package clock is the lab's time.
//
// A [Clock] starts at one fixed instant, so that a clean lab stays clean
// however old the program gets, and then either runs at the speed of wall time
// or stands still. [Clock.Advance] moves it forward and steps through
// everything that falls due on the way, in order of due time: at each stop the
// clock shows exactly the moment that the work was due at.
//
// Work comes in two forms. [Clock.AfterFunc] runs a function on the clock's own
// goroutine: Advance returns only after it has run. [Clock.NewTimer] sends on a
// channel, for code that waits in a select; Advance waits for the value to be
// taken, and for whoever says so through [Clock.Working].
//
// To add one more thing that happens by itself in the lab, schedule it with
// AfterFunc and let the function schedule its successor.
package clock
