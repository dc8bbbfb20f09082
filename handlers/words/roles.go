package words

import (
	"strings"

	"village/bot"
	"village/internal/village"
)

// at is a role as it is mentioned.
func at(r village.Role) string { return bot.Literal("@" + strings.TrimLeft(r.Name, "@")) }

// RoleTrusted says that those who have a role moderate now.
func (to Reader) RoleTrusted(r village.Role) bot.Message {
	return bot.Message{Title: to.say("%s moderates with you now", "@"+strings.TrimLeft(r.Name, "@")), Tone: bot.Good,
		Text: to.say("Everybody who has **%s** can set up this group, see what is uncovered, and fill or cancel any request: here, and in a direct message with me. Whoever loses it no longer can.", at(r)) +
			"\n\n" + to.say("They hear it from me when they use me the next time.") + to.hiddenBy(r.ID),
		Buttons: []bot.Button{{Label: to.say("Take it back"), Command: "/setup trust role: " + r.ID + " do: no"}, {Label: to.say("How it is set up"), Command: "/setup show"}}}
}

// hiddenBy says that a platform may not list what somebody may do now, with what helps.
func (to Reader) hiddenBy(id string) string {
	if bot.PlatformOf(id) != "discord" {
		return ""
	}
	return "\n\n" + to.say("Discord lists /setup, /reminders and /local only for those who manage the server. To list them for others as well: Server Settings, Integrations, and my name. Without that, they can write the same words to me.")
}

// RoleNotTrusted says that a role moderates no longer.
func (to Reader) RoleNotTrusted(r village.Role) bot.Message {
	return bot.Message{Title: to.say("%s no longer moderates because of me", "@"+strings.TrimLeft(r.Name, "@")),
		Text: to.say("Those who moderated because they have **%s** can do what everybody can, and hear it from me. Whoever may manage this server or workspace stays a moderator, and whom you chose by name.", at(r))}
}

// YouModerateBy tells somebody that they moderate because of a role that they have.
func (to Reader) YouModerateBy(r string) bot.Message {
	role := village.Role{Name: r}
	return bot.Message{Title: to.say("You moderate this group now"), Tone: bot.Good,
		Text:    to.say("You have **%s**, and the moderators here have let everybody who has it moderate this group. You can see what is not settled, sign people up, and set things.", at(role)),
		Buttons: []bot.Button{{Label: to.say("What is not settled"), Command: "/need uncovered"}, {Label: to.say("How it is set up"), Command: "/setup show"}}}
}

// YouModerateNoLonger tells somebody that they no longer moderate because of a role: by
// whom it was taken back, or by nobody where they have lost it.
func (to Reader) YouModerateNoLonger(r, by string) bot.Message {
	if by == "" {
		return bot.Message{Text: to.say("You moderated this group because of a role that you had. You don't have it any more, so you no longer moderate here. Thank you for what you did.")}
	}
	return bot.Message{Text: to.say("**%s** has taken **%s** off those who moderate this group, so you no longer do because of it. Thank you for what you did.", bot.Literal(by), at(village.Role{Name: r}))}
}

// WhoOrRole asks whom to let moderate.
func (to Reader) WhoOrRole() error {
	return &bot.Error{Code: bot.CodeOptionMissing, Say: to.say("Whom shall I let moderate: a person, or everybody who has a role?"),
		Hint: to.say("For example: /setup trust @sam, or /setup trust role: @moderators")}
}

// RoleWhere asks for a place that says which roles there are.
func (to Reader) RoleWhere() error {
	return &bot.Error{Code: bot.CodeNoRole, Say: to.say("In a direct message I can't tell whose roles you mean."), Hint: to.say("Please type it in a channel of your group. Only you will see the answer.")}
}

// NoRolesHere is a place that has no roles.
func (to Reader) NoRolesHere() error {
	return &bot.Error{Code: bot.CodeNoRole, Say: to.say("There are no roles here that I know of."), Hint: to.say("You can let somebody moderate by name: /setup trust @sam")}
}

// NotTheirRole is a role that does not moderate; those that do are given.
func (to Reader) NotTheirRole(roles []village.Role) error {
	refused := &bot.Error{Code: bot.CodeNoRole, Say: to.say("That role doesn't moderate here."), Hint: to.say("/setup show names those that do.")}
	for _, r := range roles {
		refused.Buttons = append(refused.Buttons, bot.Button{Label: Clip(to.say("Take back %s", "@"+r.Name), 40), Command: "/setup trust role: " + r.ID + " do: no"})
	}
	return refused
}

// chosen are the moderators whom a group has chosen, by name and by role.
func (to Reader) chosen(s Setup) string {
	var who []string
	for _, r := range s.Roles {
		who = append(who, to.say("everybody who has %s", at(r)))
	}
	for _, p := range s.Trusted {
		who = append(who, to.nameOrThey(p))
	}
	return AndList(who)
}

// rolesAgain are the lines that let a group's roles moderate.
func rolesAgain(roles []village.Role) []string {
	var lines []string
	for _, r := range roles {
		name := "@" + strings.TrimLeft(r.Name, "@")
		if strings.ContainsAny(name, " \t") {
			name = r.ID
		}
		lines = append(lines, "/setup trust role: "+name)
	}
	return lines
}
