//go:build race

package main

// raceDetector says that the race detector watches, which takes several times as long.
const raceDetector = true
