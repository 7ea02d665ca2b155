// Package cause turns what a Connect server writes (event texts, error codes,
// words of the password sync log, results of run profiles) into a stable cause
// id, the party that owns the remedy, and what to do next.
//
// The main type is [Cause]: one row of a table that is read from top to bottom
// ([All]). [Read] parses one event of the Application log into a
// [checks.Event]: which domain, which connector, which people, and what it
// means. [Explain] does the same for whatever a person pastes, as a stream, and
// answers with findings that quote nothing of the input.
//
// Three rules keep the readings honest. Names are matched whole: contoso.com is
// not contoso.com.au, and error code 7 is not 70. The innermost exception is the
// cause, whatever wraps it. What is not understood has no cause and keeps its
// text. Every reading takes time linear in the length of the text, because the
// text comes from outside.
//
// To add one more cause: write its row in the table file of its family, then
// give it a way in: an event in events.go, a number in codes.go, a phrase in
// signals.go or a word in words.go. The tests say what is missing. Ids never
// change meaning, and retired ids are not used again.
package cause
