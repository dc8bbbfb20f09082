package handlers

import (
	"strconv"

	"village/bot"
)

// pageOption asks for another page of a list than the first.
func pageOption() bot.Option {
	return bot.Option{Name: "page", Summary: "Which page of the list, where it is long", Kind: bot.Number, Min: 1, Max: 100}
}

// pageOf is the page of a list that a request asks for.
func pageOf(r bot.Request) int {
	n, err := strconv.Atoi(r.Arg("page"))
	if err != nil { // none was asked for, or the table has refused it
		return 1
	}
	return n
}

// listedAt answers with a list; another page of it takes the place of the one before.
func listedAt(r bot.Request, m bot.Message) bot.Reply {
	return bot.Reply{Update: r.Arg("page") != "", Messages: []bot.Message{m}}
}
