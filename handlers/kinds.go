package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"village/bot"
	"village/handlers/records"
	"village/handlers/words"
	"village/internal/store"
	"village/internal/village"
	"village/internal/village/when"
)

const (
	// maxWeeks and maxSeries bound a carpool; a series is written in one go.
	maxWeeks  = 12
	maxSeries = 36
	// seriesAhead is how long before its day each of a series is posted.
	seriesAhead = 7 * 24 * time.Hour
)

// until reads when something ends: a length, or a time after the start.
func (a *App) until(r bot.Request, start time.Time, zone *time.Location) (time.Time, error) {
	words := r.Arg("until")
	if words == "" {
		return time.Time{}, nil
	}
	if length, err := when.Length(words); err == nil && !strings.Contains(words, ":") { // until 20:00 is not for twenty hours
		return start.Add(length), nil
	}
	if isClock(words) { // so that a number alone is an hour
		words = "at " + words
	}
	end, err := when.Moment(words, start, zone)
	var unclear *when.Error
	if errors.As(err, &unclear) {
		// An hour alone is meant on the day it starts, or in the night after;
		// it is said back in full.
		soon := slices.DeleteFunc(slices.Clone(unclear.Choices), func(c when.Choice) bool { return c.At.Sub(start) >= 24*time.Hour })
		if len(soon) == 1 {
			return soon[0].At, nil
		}
		if unclear.Code == when.Past { // reckoned from its start
			return end, &bot.Error{Code: "ends-first", Say: "Until when? It has to end after it starts, and that is on " + when.Full(start, zone) + ".", Hint: "For example: 5pm, or 3 hours"}
		}
		mistake := a.mistake(r, "until", unclear, a.reading(zone))
		mistake.Say = "Until when? " + mistake.Say
		return end, mistake
	}
	return end, err
}

// series are the starts of what comes again: the same hour on the days named,
// beginning with the first.
func (a *App) series(r bot.Request, first time.Time, zone *time.Location) ([]time.Time, error) {
	weeks := 1
	if n, err := strconv.Atoi(r.Arg("weeks")); err == nil {
		weeks = n
	}
	local := first.In(zone)
	days := []time.Weekday{local.Weekday()}
	if said := r.Arg("days"); said != "" {
		var err error
		if days, err = when.Days(said); err != nil {
			return nil, a.misheard(r, "days", err, asWritten)
		}
		if !slices.Contains(days, local.Weekday()) {
			return nil, &bot.Error{Code: "days-wrong", Say: fmt.Sprintf("The first one is on a %s, and that is not among the days.", local.Weekday()),
				Hint: "Please name that day too, or choose another first day. For example: " + village.Carpool.Words().Example}
		}
	}
	var out []time.Time
	for i := range 7 * weeks {
		t := time.Date(local.Year(), local.Month(), local.Day()+i, local.Hour(), local.Minute(), 0, 0, zone)
		if slices.Contains(days, t.Weekday()) {
			out = append(out, t)
		}
	}
	if len(out) > maxSeries {
		return nil, &bot.Error{Code: bot.CodeTooMany, Say: fmt.Sprintf("That makes %d times, and I can take %d at once.", len(out), maxSeries), Hint: "Please ask for fewer weeks first."}
	}
	return out, nil
}

func (a *App) needApprove(ctx context.Context, r bot.Request) (bot.Reply, error) {
	j, err := a.judge(ctx, r, true)
	if err != nil {
		return bot.Reply{}, err
	}
	if j.takenBack {
		return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Your no is taken back", Tone: bot.Good,
			Text:    "I have told them nothing. They can offer to help again like everybody else, or you can sign them up.",
			Buttons: []bot.Button{{Label: "Sign them up", Command: "/need fill " + j.need.ID + " " + r.Arg("helper")}, {Label: "See it", Command: "/need show " + j.need.ID}}}}}, nil
	}
	text := bot.Literal(j.helper) + " can help now, and hears of it."
	switch {
	case j.need.StandsBy(r.Arg("helper")):
		text = bot.Literal(j.helper) + " can take it on if the first person can't."
	case j.need.Details:
		text = bot.Literal(j.helper) + " can help now, and gets the private details."
	}
	if j.others > 0 {
		text += " The same goes for " + words.Count(j.others, "other request", "other requests") + " they have offered to help with."
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "Thank you", Tone: bot.Good, Text: text + " I won't ask you again about them."}}}, nil
}

func (a *App) needDecline(ctx context.Context, r bot.Request) (bot.Reply, error) {
	if ask, err := a.sureToDecline(ctx, r); err != nil || ask != nil {
		return bot.Reply{Messages: ask}, err
	}
	j, err := a.judge(ctx, r, false)
	if err != nil {
		return bot.Reply{}, err
	}
	text := "I have told them only that no more help is needed."
	switch {
	case j.waited:
		text += " They have seen nothing private."
	case j.need.Details:
		text += " I don't show them the private part any more, but they may have read it."
	}
	if j.others > 0 {
		text += " I have taken them off " + words.Count(j.others, "other request", "other requests") + " with children, too."
	}
	return bot.Reply{Update: true, Messages: []bot.Message{{Title: "That is all right", Text: text + " " + words.WhoNow(j.need),
		Buttons: []bot.Button{{Label: "See it", Command: "/need show " + j.need.ID}, {Label: "Take my no back", Command: "/need approve " + j.need.ID + " " + r.Arg("helper")}}}}}, nil
}

// sureToDecline asks before somebody is taken off who was let in: a slip would
// leave the children's day without them.
func (a *App) sureToDecline(ctx context.Context, r bot.Request) ([]bot.Message, error) {
	_, n, err := a.findNeed(ctx, r)
	if err != nil {
		return nil, err
	}
	helper := r.Arg("helper")
	if _, _, err := n.Decline(r.From.ID, r.From.Moderator, helper, nil, a.Now()); err != nil || r.Arg("sure") == "yes" || n.Waits(helper) {
		return nil, err
	}
	return []bot.Message{{Title: "Rather not this helper?", Tone: bot.Asking,
		Text: "They are taken off everything with your children that they are down for, and hear only that no more help is needed. I don't offer them your requests with children any more.",
		Buttons: []bot.Button{
			{Label: "Yes, take them off", Command: "/need decline " + n.ID + " " + helper + " yes", Style: bot.Danger},
			{Label: "Keep them", Command: "/need show " + n.ID}}}}, nil
}

// judgment is what has become of a word about a helper.
type judgment struct {
	need   village.Need
	helper string // their name
	waited bool   // they had not been let in before
	others int    // how many other requests the same word has settled
	// takenBack says that a yes has only taken back a no: they are down for
	// nothing.
	takenBack bool
}

// judge carries out the member's or a moderator's word about a helper, for every
// request of this member's with children, and remembers it.
func (a *App) judge(ctx context.Context, r bot.Request, yes bool) (j judgment, err error) {
	helper := r.Arg("helper")
	_, j.need, err = a.changeNeed(ctx, r, func(t *records.Tx, g village.Group, n village.Need) (village.Need, []village.Owed, error) {
		j = judgment{}
		for _, c := range slices.Concat(n.Claims, n.Backups) {
			if c.Helper.ID == helper {
				j.helper, j.waited = c.Helper.Name, c.Waiting
			}
		}
		after, owed, err := a.judged(t, g, r, n, yes)
		if yes && village.IsCode(err, village.CodeNotHelping) {
			if j.takenBack, err = a.TakeBackNo(t, g.ID, n, helper, err); err != nil {
				return n, nil, err
			}
			return n, nil, nil
		}
		if err != nil || len(owed) == 0 {
			return n, nil, err
		}
		if j.others, err = a.judgeOthers(t, g, r, n, yes); err != nil {
			return n, nil, err
		}
		key := records.TrustKey(g.ID, n.Member.ID, helper)
		if err := t.Get(key, &records.Trust{}); err != nil {
			return n, nil, err
		}
		now := a.Now()
		listed := []store.Entry{{Name: records.PersonIndex(n.Member.ID), Score: now.UnixMilli()}}
		if yes {
			listed = append(listed, store.Entry{Name: records.PersonIndex(helper), Score: now.UnixMilli()})
		}
		t.Put(key, records.Trust{Yes: yes, At: now.UTC()}, now.Add(village.MaxAhead), listed...)
		return after, owed, nil
	})
	return j, err
}

func (a *App) judged(t *records.Tx, g village.Group, r bot.Request, n village.Need, yes bool) (village.Need, []village.Owed, error) {
	if yes {
		return n.Approve(r.From.ID, r.From.Moderator, r.Arg("helper"), a.Now())
	}
	return n.Decline(r.From.ID, r.From.Moderator, r.Arg("helper"), a.Busy(t, g.ID, n), a.Now())
}

// judgeOthers carries the word over to what else this helper is down for, or
// stands by for, with the same member's children.
func (a *App) judgeOthers(t *records.Tx, g village.Group, r bot.Request, n village.Need, yes bool) (settled int, err error) {
	from := a.Now().Add(-village.MaxLasts).UnixMilli()
	theirs, err := records.List[village.Need](t.Ctx, a.Records, store.Query{Partition: records.GroupPartition(g.ID), Index: records.PersonIndex(r.Arg("helper")), From: from, To: records.EndOfTime}, records.KindNeed)
	if err != nil {
		return 0, err
	}
	for _, listed := range theirs {
		if listed.ID == n.ID || listed.Member.ID != n.Member.ID || !listed.Kind.WithChildren() {
			continue
		}
		var other village.Need
		if err := t.Get(records.NeedKey(g.ID, listed.ID), &other); err != nil {
			return 0, err
		}
		after, owed, err := a.judged(t, g, r, other, yes)
		if err != nil || len(owed) == 0 {
			continue // they have gone from it, it is over, or it was settled before
		}
		a.PutNeed(t, g, after, owed)
		settled++
	}
	return settled, nil
}
