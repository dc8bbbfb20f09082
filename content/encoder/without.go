//go:build noencoder

package encoder

const weights = ""
