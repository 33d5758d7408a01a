//! What a refusal says when whoever refuses has nothing more to say. Each code has its sentence; the compiler sees to it.

use super::ErrorCode;
use crate::platform::text::Bilingual;

impl ErrorCode {
    /// The code in a sentence to the caller: what is the matter, and what to do.
    pub fn explanation(self) -> Bilingual {
        let (en, bn) = match self {
            Self::MalformedBody => (
                "The body is not well-formed JSON, or not a well-formed form.",
                "বিষয়বস্তু সঠিকভাবে গঠিত JSON অথবা ফর্ম নয়।",
            ),
            Self::InvalidParameters => ("A query parameter or header is not valid.", "একটি প্যারামিটার বা হেডার সঠিক নয়।"),
            Self::InvalidCursor => (
                "The cursor was altered or belongs to another filter or sort. Start again without it.",
                "কার্সরটি পরিবর্তিত হয়েছে অথবা অন্য ফিল্টার বা ক্রমের। এটি ছাড়া আবার শুরু করুন।",
            ),
            Self::IdempotencyKeyRequired => (
                "This moves money: send an `Idempotency-Key` of your own, best a UUID, and the same one when you repeat it.",
                "এতে অর্থ স্থানান্তর হয়: নিজের একটি `Idempotency-Key` পাঠান, একই অনুরোধ আবার করলে একই কী দিন।",
            ),
            Self::StepUpRequired => (
                "Your last login is more than 15 minutes ago. Log in again with your password, then repeat this.",
                "আপনার শেষ লগইন ১৫ মিনিটের বেশি আগে হয়েছে। পাসওয়ার্ড দিয়ে আবার লগইন করে এটি আবার করুন।",
            ),
            Self::InsufficientFunds => ("There is not enough money for this.", "এর জন্য পর্যাপ্ত অর্থ নেই।"),
            Self::RoundNotOpen => ("The round takes no requests now.", "পর্বটিতে এখন আবেদন নেওয়া হচ্ছে না।"),
            Self::BadRequest => ("The request is broken below the level of its body.", "অনুরোধটি ঠিকভাবে গঠিত নয়।"),
            Self::Unauthenticated => (
                "Log in and send the access token as `Authorization: Bearer …`.",
                "লগইন করে অ্যাক্সেস টোকেনটি `Authorization: Bearer …` হিসেবে পাঠান।",
            ),
            Self::InvalidToken => (
                "The access token is not ours, has expired, or its session has ended. Refresh it, or log in again.",
                "অ্যাক্সেস টোকেনটি আমাদের নয়, মেয়াদোত্তীর্ণ, অথবা এর সেশন শেষ হয়েছে। নতুন টোকেন নিন অথবা আবার লগইন করুন।",
            ),
            Self::InvalidCredentials => {
                ("No active account has this email address and password.", "এই ইমেইল ও পাসওয়ার্ডের কোনো সক্রিয় অ্যাকাউন্ট নেই।")
            }
            Self::SecondFactorRequired => (
                "The account has a second factor. Log in again, with the code as well.",
                "অ্যাকাউন্টটিতে দ্বিতীয় ধাপের যাচাই চালু আছে। কোডসহ আবার লগইন করুন।",
            ),
            Self::SecondFactorInvalid => (
                "The code is wrong, too old, or was used before. Wait for the next one.",
                "কোডটি ভুল, পুরোনো, অথবা আগে ব্যবহৃত হয়েছে। পরের কোডটির জন্য অপেক্ষা করুন।",
            ),
            Self::InvalidApiKey => (
                "The API key is unknown, expired or revoked, or its service account or owner is no longer active.",
                "API কী অজানা, মেয়াদোত্তীর্ণ বা বাতিল, অথবা এর সার্ভিস অ্যাকাউন্ট বা স্বত্বাধিকারী আর সক্রিয় নন।",
            ),
            Self::RefreshTokenInvalid => (
                "The refresh token is unknown or its session has ended. Log in again.",
                "রিফ্রেশ টোকেনটি অজানা অথবা এর সেশন শেষ হয়েছে। আবার লগইন করুন।",
            ),
            Self::RefreshTokenReused => (
                "This refresh token was replaced by a newer one. The session has been ended; log in again.",
                "এই রিফ্রেশ টোকেনের বদলে নতুন টোকেন দেওয়া হয়েছিল। সেশনটি শেষ করা হয়েছে; আবার লগইন করুন।",
            ),
            Self::Forbidden => {
                ("You may see this, but not do this to it.", "আপনি এটি দেখতে পারেন, কিন্তু এই কাজটি করতে পারেন না।")
            }
            Self::SeparationOfDuties => (
                "You are too close to this record, so someone else has to do this.",
                "আপনি এই রেকর্ডের সঙ্গে যুক্ত, তাই অন্য কাউকে এটি করতে হবে।",
            ),
            Self::PasswordChangeRequired => (
                "Someone else set your password. Change it; until then nothing else is possible.",
                "আপনার পাসওয়ার্ড অন্য কেউ ঠিক করেছেন। সেটি পরিবর্তন করুন; তার আগে আর কিছু করা যাবে না।",
            ),
            Self::SecondFactorSetupRequired => (
                "Staff need a second factor here. Set it up; until then nothing else is possible.",
                "এখানে কর্মীদের দ্বিতীয় ধাপের যাচাই প্রয়োজন। সেটি চালু করুন; তার আগে আর কিছু করা যাবে না।",
            ),
            Self::InsufficientScope => (
                "The service account of this API key lacks the scope that the operation needs.",
                "এই API কী-র সার্ভিস অ্যাকাউন্টের প্রয়োজনীয় স্কোপ নেই।",
            ),
            Self::PersonRequired => {
                ("An API key cannot do this. Log in as the person.", "API কী দিয়ে এটি করা যায় না। ব্যক্তি হিসেবে লগইন করুন।")
            }
            Self::OriginNotAllowed => (
                "Pages of this origin may not call this API from a browser.",
                "এই উৎসের পাতা ব্রাউজার থেকে এই API ব্যবহার করতে পারে না।",
            ),
            Self::NotFound => {
                ("There is no such record, or you may not see it.", "এমন কোনো রেকর্ড নেই, অথবা আপনি সেটি দেখতে পারেন না।")
            }
            Self::MethodNotAllowed => (
                "This path does not take this method; `Allow` lists those that it takes.",
                "এই ঠিকানায় এই মেথড চলে না; কোনগুলো চলে তা `Allow` হেডারে আছে।",
            ),
            Self::RequestTimeout => {
                ("The body did not arrive in time. Send it again.", "বিষয়বস্তু সময়মতো পৌঁছায়নি। আবার পাঠান।")
            }
            Self::TransitionNotAllowed => {
                ("This is not possible in the present state of the record.", "রেকর্ডটির বর্তমান অবস্থায় এটি সম্ভব নয়।")
            }
            Self::ConditionsUnmet => ("The conditions of this step are not met.", "এই ধাপের শর্ত পূরণ হয়নি।"),
            Self::AlreadyExists => {
                ("A record with the same unique value exists.", "একই অনন্য মানের একটি রেকর্ড আগে থেকেই আছে।")
            }
            Self::Conflict => (
                "Something else happened to the record meanwhile. Read it again, then decide.",
                "ইতিমধ্যে রেকর্ডটিতে অন্য পরিবর্তন হয়েছে। আবার পড়ে সিদ্ধান্ত নিন।",
            ),
            Self::IdempotencyKeyInUse => (
                "The first request with this key is still being worked on. Wait, then repeat it.",
                "এই কী-সহ প্রথম অনুরোধটির কাজ এখনো চলছে। অপেক্ষা করে আবার পাঠান।",
            ),
            Self::VersionMismatch => (
                "Someone changed the record after you read it. Read it again, then decide.",
                "আপনি পড়ার পরে কেউ রেকর্ডটি পরিবর্তন করেছেন। আবার পড়ে সিদ্ধান্ত নিন।",
            ),
            Self::BodyTooLarge => ("The body is larger than what is read here.", "বিষয়বস্তু এখানকার সীমার চেয়ে বড়।"),
            Self::UnsupportedMediaType => {
                ("The operation does not read this media type or encoding.", "এই মিডিয়া টাইপ বা এনকোডিং এখানে পড়া হয় না।")
            }
            Self::ValidationFailed => {
                ("The request can be read, but breaks a rule.", "অনুরোধটি পড়া গেছে, কিন্তু কোনো নিয়ম মানা হয়নি।")
            }
            Self::MailTokenInvalid => (
                "The code from the mail is unknown, expired, replaced by a newer one, or was used before. Ask for a new mail.",
                "ইমেইলের কোডটি অজানা, মেয়াদোত্তীর্ণ, নতুন কোড দিয়ে প্রতিস্থাপিত, অথবা আগে ব্যবহৃত। নতুন ইমেইল চেয়ে নিন।",
            ),
            Self::IdempotencyKeyReused => (
                "This key was used for another request. Take a new key for a new request.",
                "এই কী অন্য একটি অনুরোধে ব্যবহৃত হয়েছে। নতুন অনুরোধের জন্য নতুন কী দিন।",
            ),
            Self::IfMatchRequired => (
                "Say which version you mean: send the `ETag` of the record as `If-Match`.",
                "কোন সংস্করণ বোঝাচ্ছেন জানান: রেকর্ডের `ETag` মানটি `If-Match` হেডারে পাঠান।",
            ),
            Self::TooManyAttempts => (
                "Too many attempts failed. Wait as long as `Retry-After` says.",
                "অনেকগুলো চেষ্টা ব্যর্থ হয়েছে। `Retry-After` হেডারে দেওয়া সময় পর্যন্ত অপেক্ষা করুন।",
            ),
            Self::RateLimited => (
                "You sent more requests than your share. Wait as long as `Retry-After` says.",
                "আপনি নির্ধারিত সীমার বেশি অনুরোধ পাঠিয়েছেন। `Retry-After` হেডারে দেওয়া সময় পর্যন্ত অপেক্ষা করুন।",
            ),
            Self::InternalError => (
                "The fault is ours, and nothing was changed. Quote the request id when you ask for help.",
                "সমস্যাটি আমাদের, এবং কিছুই পরিবর্তন হয়নি। সাহায্য চাইলে অনুরোধের আইডিটি জানান।",
            ),
            Self::FileTypeNotAllowed => (
                "By its own bytes the file is of no kind that is let in.",
                "বিষয়বস্তু অনুযায়ী ফাইলটি অনুমোদিত কোনো ধরনের নয়।",
            ),
            Self::FileTypeMismatch => (
                "The file's name or declared type says something else than its own bytes.",
                "ফাইলের নাম বা ঘোষিত ধরন এর বিষয়বস্তুর সঙ্গে মেলে না।",
            ),
            Self::FileUnsafe => (
                "The file is damaged, or holds what could do harm to whoever opens it.",
                "ফাইলটি ক্ষতিগ্রস্ত, অথবা এতে এমন কিছু আছে যা খুললে ক্ষতি হতে পারে।",
            ),
            Self::QuotaExceeded => (
                "The record has as many files, or as many bytes of files, as one may have.",
                "একটি রেকর্ডে যত ফাইল বা যত বাইট রাখা যায়, তা পূর্ণ হয়েছে।",
            ),
            Self::EvidenceFrozen => (
                "The record was handed in or has ended, so its files stay as they are.",
                "রেকর্ডটি জমা দেওয়া হয়েছে অথবা শেষ হয়েছে, তাই এর ফাইল আর বদলায় না।",
            ),
            Self::ImportRefused => {
                ("The file as a whole cannot be read as the list that it should be.", "ফাইলটি এই তালিকা হিসেবে পড়া যায় না।")
            }
            Self::StorageUnavailable => (
                "The place where files lie does not answer. Try again after `Retry-After` seconds.",
                "ফাইল সংরক্ষণাগার সাড়া দিচ্ছে না। `Retry-After` হেডারে দেওয়া সেকেন্ড পরে আবার চেষ্টা করুন।",
            ),
            Self::Overloaded => (
                "More is asked than can be served now. Nothing was changed; try again after `Retry-After` seconds.",
                "এখন সামর্থ্যের চেয়ে বেশি অনুরোধ আসছে। কিছুই পরিবর্তন হয়নি; `Retry-After` হেডারে দেওয়া সেকেন্ড পরে আবার চেষ্টা করুন।",
            ),
            Self::DatabaseUnavailable => (
                "The database does not answer. Try again after `Retry-After` seconds.",
                "ডেটাবেস সাড়া দিচ্ছে না। `Retry-After` হেডারে দেওয়া সেকেন্ড পরে আবার চেষ্টা করুন।",
            ),
            Self::ShuttingDown => (
                "This instance is about to stop and takes no new work. Try again.",
                "এই ইনস্ট্যান্সটি বন্ধ হচ্ছে এবং নতুন কাজ নিচ্ছে না। আবার চেষ্টা করুন।",
            ),
        };
        Bilingual::new(en, bn)
    }
}
