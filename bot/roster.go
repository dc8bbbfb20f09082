package bot

import "context"

// Standing is how somebody stands to a village: to those who may see its channel.
type Standing int

// The standings. The zero value is the platform's "I cannot say": it is nobody's
// permission and nobody's end.
const (
	Unsaid   Standing = iota
	In                // may see the channel now
	Guest             // may see it, as a guest of the workspace
	Outsider          // may see it, and belongs to another company
	Gone              // may not see it: they left, were removed or banned, or their account has ended
)

// Present says that somebody may see the channel now.
func (s Standing) Present() bool { return s == In || s == Guest || s == Outsider }

// Visits says that somebody is there who is none of the workspace's own.
func (s Standing) Visits() bool { return s == Guest || s == Outsider }

// Roled is a platform that has roles, or groups of users, that its people are given.
type Roled interface {
	// FindRole is the role of a workspace (ID) that is meant by its ID or its name, with
	// both. Errors: a [*Error] that says what to do, such as that there is none or that
	// everybody has it; anything else may pass.
	FindRole(ctx context.Context, workspace, said string) (id, name string, err error)
	// HasRole says whether a person (ID) has a role (ID) of a workspace (ID). It asks
	// where it does not know, and remembers the answer for ten minutes at most. What
	// cannot be found out just now is an error, never a guess.
	HasRole(ctx context.Context, workspace, role, person string) (bool, error)
}

// CodeNoRole is the code of the refusal of a role that cannot moderate.
const CodeNoRole = "no-role"

// Rostered is a platform that can say who is in a village. It asks where it does not
// know, and remembers the answer for ten minutes at most.
type Rostered interface {
	// Standing is how a person (ID) stands to a room (ID); where the room is empty, to
	// the workspace (ID), and where that is empty too, to the only one there is. What
	// cannot be found out just now is [Unsaid], never a guess.
	Standing(ctx context.Context, workspace, room, person string) Standing
	// Forget has the platform asked anew about a person (ID): something about them has
	// changed.
	Forget(person string)
}
