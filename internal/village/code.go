package village

import "errors"

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
