package village

import "slices"

// MaxRoles is how many roles of a group moderate it at most.
const MaxRoles = 5

// CodeTooManyRoles is the code of the refusal of one role more than [MaxRoles].
const CodeTooManyRoles = "too-many-roles"

// Role is a role or a group of users on a platform. Whoever has it there moderates.
type Role struct {
	ID   string `json:"id"` // platform/role
	Name string `json:"name"`
	// Workspace is where it is (an ID).
	Workspace string `json:"workspace"`
}

// WithRole lets those who have a role moderate. Errors: [CodeTooManyRoles].
func (g Group) WithRole(r Role) (Group, error) {
	g.Roles = slices.DeleteFunc(slices.Clone(g.Roles), func(o Role) bool { return o.ID == r.ID })
	if len(g.Roles) >= MaxRoles {
		return g, refusef(CodeTooManyRoles, "Please take one of them back first. /setup show names them.", "There are %d roles already that moderate.", MaxRoles)
	}
	g.Roles = append(g.Roles, r)
	return g, nil
}

// WithoutRole takes a role (an ID) back, and says whether it was one that moderates.
func (g Group) WithoutRole(id string) (without Group, had bool) {
	without = g
	without.Roles = slices.DeleteFunc(slices.Clone(g.Roles), func(r Role) bool { return r.ID == id })
	return without, len(without.Roles) < len(g.Roles)
}

// WithoutRolesOf takes back every role of a workspace (an ID).
func (g Group) WithoutRolesOf(workspace string) Group {
	g.Roles = slices.DeleteFunc(slices.Clone(g.Roles), func(r Role) bool { return r.Workspace == workspace })
	return g
}

// Word is what a platform says when it is asked whether something is so. The zero Word
// is that it cannot say: nobody's permission, and nobody's end.
type Word int

// The words of a platform.
const (
	Unsure Word = iota
	Yes
	No
)

// ByRole is the role by which somebody moderates, of those for which held says that they
// have it. The word is Unsure where none is held and one could not be asked about.
func (g Group) ByRole(held func(Role) Word) (Role, Word) {
	word := No
	for _, r := range g.Roles {
		switch held(r) {
		case Yes:
			return r, Yes
		case Unsure:
			word = Unsure
		}
	}
	return Role{}, word
}
