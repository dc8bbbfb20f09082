//go:build noencoder

package encoder

import (
	"errors"
	"testing"
)

// A program that was built without the weights says so.
func TestWithout(t *testing.T) {
	if _, err := Loader()(); !errors.Is(err, ErrNone) {
		t.Error(err)
	}
}
