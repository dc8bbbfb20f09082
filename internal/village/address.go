package village

// Address is where something that is owed goes: a person (an ID) by direct
// message, or a room (an ID). Exactly one is set.
type Address struct {
	Person, Room string
}
