package records

import "time"

// KindTrouble notes that the moderators were told of a channel.
const KindTrouble = "trouble"

// TroubleKept is how long nothing more is said of the same channel.
const TroubleKept = 24 * time.Hour
