import TestSupport

/// The sentences of the contract that a store breaks in which nothing ever ends.
let brokenWithoutEnds = [
    "a session ends at its expiration, to the second, for every reader",
    "a touch and a write extend a session, a read does not",
    "nothing revives an ended session",
    "the memory of a user ends as well, and begins again above its old versions",
    "the mark of a call ends after a minute, whatever a session's time to live",
]

/// Sentences about calls that are made at once: whether a lie shows there depends on how they fall.
private let callsAtOnce = [
    "fields that different writers set at once all survive, each write with a version of its own",
    "setting a field and removing another at once keeps both changes",
    "a deletion and an update at once leave nothing, or the update alone",
    "one who reads while others write never sees a version go back",
    "of many users who write first at once, one gets the session and the others are refused",
    "a cancelled caller gets an answer or .cancelled, and the store goes on",
]

/// The sentences of the contract that each lie breaks: always, or only if calls that are made at once fall so.
let sentencesBroken: [FaultyStore.Lie: (always: [String], alsoPossible: [String])] = [
    .dropsField: (
        [
            "a field that is a map is replaced whole, not merged",
            "a session of 300 fields takes an update of 250",
            "a touch changes no field and creates nothing",
            "an update sets and removes its fields and leaves the others",
            "empty lists and maps come back, also nested",
            "names and texts of any kind come back",
            "names count: six of 60 KB fit, a seventh does not",
            "numbers keep 38 digits",
            "values of all ten types come back as they were",
        ],
        []
    ),
    .dropsRemovals: (
        [
            "an update sets and removes its fields and leaves the others",
            "impossible names and contradictions are refused",
        ],
        [
            "setting a field and removing another at once keeps both changes"
        ]
    ),
    .keepsReplacedFields: (
        [
            "a replacement leaves no field of before",
            "a write that is cancelled at any of its awaits was made, or never will be, or says that it does not know",
        ],
        []
    ),
    .mergesMaps: (
        [
            "a field that is a map is replaced whole, not merged",
            "an update sets and removes its fields and leaves the others",
        ],
        callsAtOnce
    ),
    .losesRaces: (
        [
            "fields that different writers set at once all survive, each write with a version of its own",
            "impossible names and contradictions are refused",
        ],
        callsAtOnce
    ),
    .neverDeletes: (
        [
            "the mark of a call ends after a minute, whatever a session's time to live",
            "a write that expects another version, or none, changes nothing",
            "what is not there is nobody's: whoever writes first begins it, and owns it if they have a name",
            "a batch has one answer for each key, whatever it is",
            "a batch is as fresh as a read: it has every write that was acknowledged before it",
            "a deleted memory can be begun again by its user",
            "a deleted session is gone, and deleting it again changes nothing",
            "a memory that is not there is refused to others as well",
            "a session created again begins anew, above its old versions",
            "a touch does not bring a deleted session back",
            "a write that is cancelled at any of its awaits was made, or never will be, or says that it does not know",
            "a wrong basis decides nothing",
            "an owned session answers its owner and operators, nobody else",
            "nothing revives an ended session",
            "the memory of a user answers that user and operators, nobody else",
            "versions go on through many deletions",
        ],
        callsAtOnce
    ),
    .touchBegins: (
        [
            "what is not there is nobody's: whoever writes first begins it, and owns it if they have a name",
            "a touch changes no field and creates nothing",
            "a touch does not bring a deleted session back",
            "nothing revives an ended session",
            "reads, touches and operators claim nothing",
        ],
        []
    ),
    .cacheServesExpired: (
        [
            "the mark of a call ends after a minute, whatever a session's time to live",
            "a session ends at its expiration, to the second, for every reader",
            "a touch and a write extend a session, a read does not",
            "the memory of a user ends as well, and begins again above its old versions",
        ],
        callsAtOnce
    ),
    .batchServesExpired: (
        [
            "a session ends at its expiration, to the second, for every reader"
        ],
        callsAtOnce
    ),
    .readsExtend: (
        [
            "the mark of a call ends after a minute, whatever a session's time to live",
            "a write that expects another version, or none, changes nothing",
            "a read that is cancelled at any of its awaits answers truly or throws .cancelled",
            "a session ends at its expiration, to the second, for every reader",
            "a touch and a write extend a session, a read does not",
            "an outage throws, and never looks like no session",
            "an owned session answers its owner and operators, nobody else",
            "the answer of a write is what the next read says",
            "the memory of a user answers that user and operators, nobody else",
        ],
        callsAtOnce
    ),
    .expirationOffTheSecond: (
        [
            "a session ends at its expiration, to the second, for every reader",
            "a write lets the session live for the full time, in whole seconds",
            "the answer of a write is what the next read says",
        ],
        []
    ),
    .readIgnoresOwner: (
        [
            "a memory that is not there is refused to others as well",
            "a session created again begins anew, above its old versions",
            "an owned session answers its owner and operators, nobody else",
            "the first write of a user claims a session without an owner",
            "the memory of a user answers that user and operators, nobody else",
        ],
        []
    ),
    .batchIgnoresOwner: (
        [
            "a batch has one answer for each key, whatever it is",
            "an owned session answers its owner and operators, nobody else",
            "the memory of a user answers that user and operators, nobody else",
        ],
        []
    ),
    .writeIgnoresOwner: (
        [
            "a memory that is not there is refused to others as well",
            "an owned session answers its owner and operators, nobody else",
            "of many users who write first at once, one gets the session and the others are refused",
            "the memory of a user answers that user and operators, nobody else",
        ],
        callsAtOnce
    ),
    .neverClaims: (
        [
            "of many users who write first at once, one gets the session and the others are refused",
            "the first write of a user claims a session without an owner",
        ],
        []
    ),
    .losersWin: (
        [
            "a memory that is not there is refused to others as well",
            "an owned session answers its owner and operators, nobody else",
            "of many users who write first at once, one gets the session and the others are refused",
            "the memory of a user answers that user and operators, nobody else",
        ],
        callsAtOnce
    ),
    .versionsOff: (
        [
            "the mark of a call ends after a minute, whatever a session's time to live",
            "a batch that is cancelled at any of its awaits answers truly or throws .cancelled",
            "a read that is cancelled at any of its awaits answers truly or throws .cancelled",
            "a session close to 400 KB comes back, more is refused and changes nothing",
            "a write in an outage throws, and what failed for certain is never kept",
            "an outage throws, and never looks like no session",
            "the answer of a write is what the next read says",
            "what an item cannot hold is refused with a sentence, and nothing is written",
        ],
        callsAtOnce
    ),
    .cacheIsBehind: (
        [
            "a field that is a map is replaced whole, not merged",
            "a replacement leaves no field of before",
            "a touch and a write extend a session, a read does not",
            "a write in an outage throws, and what failed for certain is never kept",
            "a write that is cancelled at any of its awaits was made, or never will be, or says that it does not know",
            "a write that was acknowledged is read by everybody, cached or not",
            "an update sets and removes its fields and leaves the others",
            "reads, touches and operators claim nothing",
            "the answer of a write is what the next read says",
        ],
        callsAtOnce
    ),
    .batchIsBehind: (
        [
            "a batch is as fresh as a read: it has every write that was acknowledged before it"
        ],
        []
    ),
    .batchForgets: (
        [
            "a batch takes 130 keys"
        ],
        []
    ),
    .batchEndsAt16MB: (
        [
            "a batch of more than 16 MB comes whole"
        ],
        []
    ),
    .truncates: (
        [
            "a batch of more than 16 MB comes whole",
            "a session close to 400 KB comes back, more is refused and changes nothing",
            "more than 400 KB is refused where a session begins, and begins none",
        ],
        []
    ),
    .acceptsTooLarge: (
        [
            "a session close to 400 KB comes back, more is refused and changes nothing",
            "more than 400 KB is refused where a session begins, and begins none",
            "names count: six of 60 KB fit, a seventh does not",
        ],
        []
    ),
    .acceptsInvalid: (
        [
            "impossible names and contradictions are refused",
            "what an item cannot hold is refused with a sentence, and nothing is written",
        ],
        []
    ),
    .refusesAsAccessDenied: (
        [
            "a memory that is not there is refused to others as well",
            "a session created again begins anew, above its old versions",
            "an owned session answers its owner and operators, nobody else",
            "of many users who write first at once, one gets the session and the others are refused",
            "the first write of a user claims a session without an owner",
            "the memory of a user answers that user and operators, nobody else",
        ],
        []
    ),
    .tellsIDs: (
        [
            "a write that expects another version, or none, changes nothing",
            "a write that expects no session begins one, and one that expects a session does not",
            "a memory that is not there is refused to others as well",
            "a session close to 400 KB comes back, more is refused and changes nothing",
            "an owned session answers its owner and operators, nobody else",
            "impossible names and contradictions are refused",
            "more than 400 KB is refused where a session begins, and begins none",
            "names count: six of 60 KB fit, a seventh does not",
            "the memory of a user answers that user and operators, nobody else",
            "what an item cannot hold is refused with a sentence, and nothing is written",
            "what comes before an attempt may end the write",
        ],
        []
    ),
    .outageIsNil: (
        [
            "an outage throws, and never looks like no session"
        ],
        []
    ),
    .outageIsNilInBatch: (
        [
            "an outage throws, and never looks like no session"
        ],
        []
    ),
    .outageAcknowledges: (
        [
            "a write in an outage throws, and what failed for certain is never kept"
        ],
        []
    ),
    .outageKeeps: (
        [
            "a write in an outage throws, and what failed for certain is never kept"
        ],
        []
    ),
    .nilWhenCancelled: (
        [
            "a read that is cancelled at any of its awaits answers truly or throws .cancelled"
        ],
        [
            "a cancelled caller gets an answer or .cancelled, and the store goes on"
        ]
    ),
    .hidesCancelledWrite: (
        [
            "a write that is cancelled at any of its awaits was made, or never will be, or says that it does not know"
        ],
        [
            "a cancelled caller gets an answer or .cancelled, and the store goes on"
        ]
    ),
    .ignoresBeforeAttempt: (
        [
            "what comes before an attempt may end the write"
        ],
        []
    ),
    .trustsBasis: (
        [
            "a wrong basis decides nothing"
        ],
        []
    ),
    .ignoresExpectation: (
        [
            "the mark of a call ends after a minute, whatever a session's time to live",
            "a write that expects another version, or none, changes nothing",
            "a write that expects no session begins one, and one that expects a session does not",
            "of many writers who expect the same session, one writes",
        ],
        []
    ),
]
