//go:build race

package storetest

// RaceDetector says that the race detector watches, which takes several times as
// long: what is held as well without it is held there.
const RaceDetector = true
