// Package config reads the one YAML file that pwsync is configured with, as one
// struct. Decoding is strict: an unknown key or a value of the wrong kind is an
// error that names its line and column, and everything else that is wrong is
// reported at once. Secrets are never in the file.
//
// The main type is [Config]. To add one more setting: add the field with its
// doc comment, its default in Default, its rule in problems, and a row to the
// table of bad files in the test.
package config
