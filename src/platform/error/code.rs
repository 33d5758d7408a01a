//! The contract of refusals: code -> status -> title. Each code is documented by its line here.

/// Declares the codes and everything that is known of them, in one table.
macro_rules! error_codes {
    ($($variant:ident $status:literal $code:literal $en:literal $bn:literal $meaning:literal;)*) => {
        /// Why a request was refused. The text form is the contract with clients.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode { $(#[doc = $meaning] $variant,)* }

        impl ErrorCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word clients switch on.
            pub const fn as_str(self) -> &'static str { match self { $(Self::$variant => $code,)* } }

            /// The HTTP status it travels with.
            pub const fn status(self) -> u16 { match self { $(Self::$variant => $status,)* } }

            /// Its short title in English.
            pub const fn title_en(self) -> &'static str { match self { $(Self::$variant => $en,)* } }

            /// Its short title in Bangla.
            pub const fn title_bn(self) -> &'static str { match self { $(Self::$variant => $bn,)* } }

            /// When it is given.
            pub const fn meaning(self) -> &'static str { match self { $(Self::$variant => $meaning,)* } }
        }
    };
}

error_codes! {
    MalformedBody 400 "malformed_body" "Body cannot be read" "অনুরোধের বিষয়বস্তু পড়া যাচ্ছে না"
        "The body is not JSON or not a well-formed form, repeats a key, nests too deep, or its compression is broken.";
    InvalidParameters 400 "invalid_parameters" "Parameters are not valid" "প্যারামিটার সঠিক নয়"
        "A query parameter or header is unknown, repeated or out of bounds; `errors` names each.";
    InvalidCursor 400 "invalid_cursor" "Cursor is not valid" "কার্সর সঠিক নয়"
        "The cursor was altered, or belongs to another filter or sort. Start again without it.";
    IdempotencyKeyRequired 400 "idempotency_key_required" "Idempotency-Key is required" "Idempotency-Key আবশ্যক"
        "What moves money has to carry an `Idempotency-Key`, so that a retry can never move it twice.";
    BadRequest 400 "bad_request" "Request cannot be understood" "অনুরোধ বোঝা যাচ্ছে না"
        "The request is broken below the level of the body.";
    Unauthenticated 401 "unauthenticated" "Login is needed" "লগইন প্রয়োজন"
        "The operation needs an access token and none was sent.";
    InvalidToken 401 "invalid_token" "Access token is not valid" "অ্যাক্সেস টোকেন সঠিক নয়"
        "The access token is forged, expired, for another audience, or its session has ended. Refresh, or log in again.";
    InvalidCredentials 401 "invalid_credentials" "Email or password is wrong" "ইমেইল বা পাসওয়ার্ড ভুল"
        "No active account has this email address and password.";
    SecondFactorRequired 401 "second_factor_required" "A code is needed" "একটি কোড প্রয়োজন"
        "The password is right, and the account has a second factor: log in again with `code`.";
    SecondFactorInvalid 401 "second_factor_invalid" "Code is not valid" "কোডটি সঠিক নয়"
        "The password is right, the code is wrong, too old, or was used before.";
    InvalidApiKey 401 "invalid_api_key" "API key is not valid" "API কী সঠিক নয়"
        "The API key is unknown, expired or revoked, or its service account or its owner is no longer active.";
    RefreshTokenInvalid 401 "refresh_token_invalid" "Refresh token is not valid" "রিফ্রেশ টোকেন সঠিক নয়"
        "The refresh token is unknown, or its session has ended. Log in again.";
    RefreshTokenReused 401 "refresh_token_reused" "Refresh token was used before" "রিফ্রেশ টোকেন আগে ব্যবহৃত হয়েছে"
        "An old refresh token came back, which may be theft: the session has been ended. Log in again.";
    StepUpRequired 401 "step_up_required" "Recent login is needed" "সাম্প্রতিক লগইন প্রয়োজন"
        "What moves public money asks for a login within the last 15 minutes: log in again, then repeat the request.";
    Forbidden 403 "forbidden" "Not allowed" "অনুমতি নেই"
        "The caller may see the record but not do this to it; the detail says who may.";
    SeparationOfDuties 403 "separation_of_duties" "Someone else has to do this" "এটি অন্য কাউকে করতে হবে"
        "The caller holds the role, but is too close to the record: its team, its office, the first of two deciders, or the very account; or took another part in paying for it.";
    PasswordChangeRequired 403 "password_change_required" "Password must be changed first" "আগে পাসওয়ার্ড পরিবর্তন করতে হবে"
        "The password was set by someone else; until it is changed nothing else is possible.";
    SecondFactorSetupRequired 403 "second_factor_setup_required" "Second factor must be set up first" "আগে দ্বিতীয় ধাপের যাচাই চালু করতে হবে"
        "Staff need a second factor here; until it is set up nothing else is possible.";
    InsufficientScope 403 "insufficient_scope" "API key lacks a scope" "API কী-র স্কোপ নেই"
        "The service account does not have the scope that the operation needs; the detail names it.";
    PersonRequired 403 "person_required" "Only a person may do this" "এটি কেবল ব্যক্তি করতে পারেন"
        "What secures accounts is never done by an API key; log in as the person.";
    OriginNotAllowed 403 "origin_not_allowed" "Origin may not call" "এই উৎস থেকে অনুরোধ চলে না"
        "A browser asked beforehand (CORS preflight) for a page whose origin, method or headers are not allowed; see `server.cors_origins`.";
    NotFound 404 "not_found" "Not found" "পাওয়া যায়নি"
        "There is no such record, or the caller may not see it.";
    MethodNotAllowed 405 "method_not_allowed" "Method is not allowed here" "এখানে এই মেথড চলে না"
        "The path exists, the method does not; `Allow` lists those that do.";
    RequestTimeout 408 "request_timeout" "Request took too long to arrive" "অনুরোধ আসতে অনেক দেরি হয়েছে"
        "The body did not arrive in time.";
    TransitionNotAllowed 409 "transition_not_allowed" "Not possible in this state" "এই অবস্থায় সম্ভব নয়"
        "The record's state has no such move; the detail names the state and what is possible.";
    ConditionsUnmet 409 "conditions_unmet" "Conditions are not met" "শর্ত পূরণ হয়নি"
        "The move exists but its conditions fail; `errors` names each with its code.";
    AlreadyExists 409 "already_exists" "Already exists" "আগে থেকেই আছে"
        "A record with the same unique value exists.";
    Conflict 409 "conflict" "Conflicts with the record's state" "রেকর্ডের অবস্থার সঙ্গে সংঘাত"
        "Something else happened to the record that excludes this request; read it again.";
    InsufficientFunds 409 "insufficient_funds" "Not enough money" "পর্যাপ্ত অর্থ নেই"
        "The fund, the round or the award has less than this takes; the detail says how much there is.";
    RoundNotOpen 409 "round_not_open" "Round is not open" "পর্বটি খোলা নেই"
        "The round takes no requests: it has not begun, is closed, or its time is over.";
    IdempotencyKeyInUse 409 "idempotency_key_in_use" "First request is still running" "প্রথম অনুরোধটি এখনো চলছে"
        "A request with this idempotency key is being worked on. Wait, then repeat it.";
    VersionMismatch 412 "version_mismatch" "Record has changed" "রেকর্ড পরিবর্তিত হয়েছে"
        "`If-Match` names another version than the present one. Read the record again, then decide.";
    BodyTooLarge 413 "body_too_large" "Body is too large" "বিষয়বস্তু খুব বড়"
        "The body, or what it unpacks to, is over the limit.";
    UnsupportedMediaType 415 "unsupported_media_type" "Media type is not supported" "মিডিয়া টাইপ সমর্থিত নয়"
        "`Content-Type` or `Content-Encoding` is not one that the operation reads.";
    ValidationFailed 422 "validation_failed" "Request is not valid" "অনুরোধটি সঠিক নয়"
        "The body is readable but breaks a rule; `errors` names every field.";
    MailTokenInvalid 422 "mail_token_invalid" "Code from the mail is not valid" "ইমেইলের কোডটি সঠিক নয়"
        "The token from the mail is unknown, expired, replaced by a newer one, or was used before. Ask for a new mail.";
    IdempotencyKeyReused 422 "idempotency_key_reused" "Idempotency key belongs to another request" "আইডেমপোটেন্সি কী অন্য অনুরোধের"
        "The idempotency key was used with another payload.";
    IfMatchRequired 428 "if_match_required" "If-Match is required" "If-Match আবশ্যক"
        "The change must say which version it means: send the `ETag` of the record as `If-Match`.";
    TooManyAttempts 429 "too_many_attempts" "Too many attempts" "অতিরিক্ত চেষ্টা"
        "Too many failed logins from here; `Retry-After` says when to try again.";
    RateLimited 429 "rate_limited" "Too many requests" "অতিরিক্ত অনুরোধ"
        "The share of this account, key or address is used up; `Retry-After` says when the next request passes, `RateLimit` what is left.";
    InternalError 500 "internal_error" "Something went wrong here" "আমাদের এখানে সমস্যা হয়েছে"
        "A fault of the server. Nothing was changed; quote the request id.";
    FileTypeNotAllowed 415 "file_type_not_allowed" "Files of this kind are not taken" "এই ধরনের ফাইল নেওয়া হয় না"
        "By its own bytes the file is of no kind that is let in; SVG, HTML, programs and archives never are.";
    FileTypeMismatch 415 "file_type_mismatch" "File is not what it says" "ফাইলটি ঘোষিত ধরনের নয়"
        "The file's name or declared media type says something else than its own bytes.";
    FileUnsafe 422 "file_unsafe" "File is not safe" "ফাইলটি নিরাপদ নয়"
        "The file is damaged, encrypted, has macros, hides another file, or unpacks to far too much; `errors` says which.";
    QuotaExceeded 409 "quota_exceeded" "No room for more files" "আর ফাইল রাখার জায়গা নেই"
        "The record has as many files, or as many bytes of files, as one may have.";
    EvidenceFrozen 409 "evidence_frozen" "Files are fixed in this state" "এই অবস্থায় ফাইল পরিবর্তন করা যায় না"
        "The record was handed in or has ended, so its files are neither added to nor taken away.";
    ImportRefused 422 "import_refused" "File cannot be imported" "ফাইলটি আমদানি করা যায় না"
        "The file as a whole cannot be read as the list it should be: its encoding, its heading, or its size.";
    StorageUnavailable 503 "storage_unavailable" "File storage is not reachable" "ফাইল সংরক্ষণাগার পাওয়া যাচ্ছে না"
        "The place where files lie did not answer; everything else works. Try again after `Retry-After`.";
    Overloaded 503 "overloaded" "Busy, try again" "ব্যস্ত, আবার চেষ্টা করুন"
        "More is asked than can be served, or no database connection came free in time. Nothing was changed; try again after `Retry-After`.";
    DatabaseUnavailable 503 "database_unavailable" "Database is not reachable" "ডেটাবেস পাওয়া যাচ্ছে না"
        "The database did not answer. Try again after `Retry-After`.";
    ShuttingDown 503 "shutting_down" "Shutting down" "বন্ধ হচ্ছে"
        "This instance is about to stop and takes no new work.";
}
