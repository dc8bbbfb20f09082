package words

import (
	"village/bot"
	"village/internal/village"
)

// HeavierMessage is for somebody for whom the day is heavy: people first.
func HeavierMessage() bot.Message {
	return bot.Message{Title: "That sounds heavy. You don't have to carry it alone",
		Text: "It is good that you said so.\n\n" +
			"- Ask one person you trust to be with you, or to stay on the phone.\n" +
			"- Call your therapist or your clinic today, and tell them it has become heavier. At night, use their after-hours number.\n" +
			"- Don't stop or change a medicine because of a heavy day. Ask your prescriber.",
		Buttons: []bot.Button{{Label: "Something to steady me", Command: "/faq grounding"}, {Label: "Feeling worse after", Command: "/faq emotional-aftermath"}}}
}

// FeelingBar is a feeling as a bar and a word, so that neither is needed to
// read the other.
func FeelingBar(f village.Feeling) string {
	bar := map[village.Feeling]string{village.Better: "■■■ ", village.Same: "■■□ ", village.Heavier: "■□□ ", village.HelpMe: "□□□ "}
	return bar[f] + FeelingWords(f)
}

func FeelingWords(f village.Feeling) string {
	switch f {
	case village.Better:
		return "better"
	case village.Same:
		return "the same"
	case village.Heavier:
		return "heavier"
	case village.HelpMe:
		return "you asked for help"
	}
	return bot.Literal(string(f))
}

// FeelingShort is a feeling as a word and as a number of boxes.
func FeelingShort(f village.Feeling) (word string, level int) {
	switch f {
	case village.Better:
		return "better", 3
	case village.Same:
		return "same", 2
	case village.Heavier:
		return "heavier", 1
	}
	return "help", 0
}
