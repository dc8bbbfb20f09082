package village

import "errors"

// IsCode says whether an error is said to people under a code.
func IsCode(err error, code string) bool {
	var said interface {
		Person() (code, say, hint string)
	}
	if !errors.As(err, &said) {
		return false
	}
	got, _, _ := said.Person()
	return got == code
}
