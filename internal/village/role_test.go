package village

import (
	"fmt"
	"testing"
)

// A role moderates until it is taken back; of too many, the next is refused, and the same
// one again is not.
func TestRoles(t *testing.T) {
	var g Group
	var err error
	for i := range MaxRoles {
		if g, err = g.WithRole(Role{ID: fmt.Sprint("discord/", i), Name: "keepers", Workspace: "discord/1"}); err != nil {
			t.Fatal(err)
		}
	}
	if _, err = g.WithRole(Role{ID: "slack/S1", Workspace: "slack/T1"}); !IsCode(err, CodeTooManyRoles) || len(g.Roles) != MaxRoles {
		t.Error("one too many:", err)
	}
	if again, err := g.WithRole(Role{ID: "discord/0", Name: "renamed", Workspace: "discord/1"}); err != nil || len(again.Roles) != MaxRoles || again.Roles[MaxRoles-1].Name != "renamed" {
		t.Error("the same again:", again.Roles, err)
	}
	if less, had := g.WithoutRole("discord/2"); !had || len(less.Roles) != MaxRoles-1 || len(g.Roles) != MaxRoles {
		t.Error("taken back:", less.Roles)
	}
	if same, had := g.WithoutRole("discord/9"); had || len(same.Roles) != MaxRoles {
		t.Error("what is none is taken back:", same.Roles)
	}
	g.Roles[1].Workspace = "slack/T1"
	if rest := g.WithoutRolesOf("discord/1"); len(rest.Roles) != 1 || rest.Roles[0].Workspace != "slack/T1" {
		t.Error("a workspace that left:", rest.Roles)
	}
}

// One role that is held is enough; what cannot be found out is neither a yes nor a no.
func TestByRole(t *testing.T) {
	for _, tt := range []struct {
		words []Word
		want  Word
		role  int
	}{
		{nil, No, -1},
		{[]Word{No, No}, No, -1},
		{[]Word{No, Yes}, Yes, 1},
		{[]Word{Unsure, Yes}, Yes, 1},
		{[]Word{Unsure, No}, Unsure, -1},
		{[]Word{No, Unsure}, Unsure, -1},
	} {
		var g Group
		for i := range tt.words {
			g.Roles = append(g.Roles, Role{ID: fmt.Sprint(i)})
		}
		role, got := g.ByRole(func(r Role) Word {
			var i int
			fmt.Sscan(r.ID, &i)
			return tt.words[i]
		})
		if got != tt.want || tt.role >= 0 && role != g.Roles[tt.role] || tt.role < 0 && role != (Role{}) {
			t.Errorf("%v: %v by %v", tt.words, got, role)
		}
	}
}
