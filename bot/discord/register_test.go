package discord

import (
	"encoding/json"
	"slices"
	"testing"

	"village/bot"
)

func sampleTable() []bot.Command {
	return []bot.Command{
		{Name: "faq", Summary: "Ask a question", In: map[string]bot.Local{"de": {Name: "frage", Summary: "Eine Frage stellen"}, "fr": {Name: "question"}}, Who: bot.Anyone, Options: []bot.Option{
			{Name: "question", In: map[string]bot.Local{"de": {Name: "frage", Summary: "Was du wissen möchtest"}}, Summary: "What you want to know", Required: true, Max: 300, Complete: bot.Completer(nil)},
		}},
		{Name: "ask", Summary: "Ask for help", Subs: []bot.Command{
			{Name: "ride-home", Summary: "A ride home", Who: bot.Anyone, Form: "A ride home", OnOwnMessage: "Ask the village", In: map[string]bot.Local{"de": {Label: "Das Dorf fragen"}}, Options: []bot.Option{
				{Name: "from", Summary: "Where from", Required: true},
				{Name: "when", Summary: "When", Kind: bot.Time, Required: true},
				{Name: "phone", Summary: "For your driver", Required: true, Private: true},
				{Name: "car", Summary: "What car", Kind: bot.Choice, Choices: []bot.Pick{{Label: "Any", Value: "any", In: map[string]bot.Local{"de": {Label: "Irgendeins"}}}}},
				{Name: "seats", Summary: "How many", Kind: bot.Number, Min: 1, Max: 8},
				{Name: "dog", Summary: "With a dog", Kind: bot.YesNo},
				{Name: "who", Summary: "Whom", Kind: bot.Someone},
				{Name: "address", Summary: "Only for your driver", Private: true},
			}},
		}},
		{Name: "setup", Summary: "Settings", Subs: []bot.Command{
			{Name: "room", Summary: "The channel", Who: bot.Moderators, Options: []bot.Option{{Name: "room", Summary: "Which", Kind: bot.Place, Required: true}}},
			{Name: "show", Summary: "What is set", Who: bot.Moderators},
		}},
		{Name: "remind", Summary: "Reminders", Subs: []bot.Command{
			{Name: "me", Summary: "For yourself", Who: bot.Anyone},
			{Name: "room", Summary: "For a channel", Who: bot.Moderators},
		}},
	}
}

func TestRegistration(t *testing.T) {
	data, err := Registration(sampleTable())
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "registration", json.RawMessage(data))
}

// Discord gives commands back in another order, with ids, nulls, and numbers as
// words; that is no change.
func TestWhatDiscordGivesBackIsTheSame(t *testing.T) {
	want := commandsOf(sampleTable())
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var list []map[string]any
	if err := json.Unmarshal(data, &list); err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	for _, c := range list {
		c["id"], c["version"], c["nsfw"], c["dm_permission"] = "1", "2", false, true
		if c["name_localizations"] == nil {
			c["name_localizations"] = nil
		}
		if c["default_member_permissions"] == nil {
			c["default_member_permissions"] = nil
		} else {
			c["default_member_permissions"] = "32"
		}
		if c["description"] == nil {
			c["description"] = ""
		}
		if c["contexts"] != nil {
			slices.Reverse(c["contexts"].([]any))
		}
	}
	if data, err = json.Marshal(list); err != nil {
		t.Fatal(err)
	}
	var have []command
	if err := json.Unmarshal(data, &have); err != nil {
		t.Fatal(err)
	}
	if !sameCommands(want, have) {
		t.Error("it would be registered again and again")
	}
	for name, change := range map[string]func(c *command){
		"a language":    func(c *command) { c.Names = languages{"it": "domanda"} },
		"a description": func(c *command) { c.Description += "!" },
		"an option":     func(c *command) { c.Options = append(c.Options, optionDef{Name: "x"}) },
		"a permission":  func(c *command) { c.Permissions = manageServer() },
		"a context":     func(c *command) { c.Contexts = []int{0} },
	} {
		if err := json.Unmarshal(data, &have); err != nil {
			t.Fatal(err)
		}
		for i := range have {
			if have[i].Name == "faq" {
				change(&have[i])
			}
		}
		if sameCommands(want, have) {
			t.Errorf("%s would never be registered", name)
		}
	}
}
