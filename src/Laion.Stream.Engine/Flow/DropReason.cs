namespace LaionStream.Engine.Flow;

/// <summary>
/// Every way a row can end without being written. The list is closed and its numbers are stored in ledgers: append only.
/// Names in files and reports are the snake_case forms of <see cref="DropReasonNames"/>.
/// </summary>
public enum DropReason : byte
{
    /// <summary>Not a reason; a default value must never pass for one.</summary>
    None = 0,
    NoAlt = 1,
    BadUrl = 2,
    UrlBlocked = 3,
    Duplicate = 4,
    ShortCaption = 5,
    PageOptOut = 6,
    DnsFailed = 7,
    BlockedAddress = 8,
    PortBlocked = 9,
    ConnectFailed = 10,
    TlsFailed = 11,
    Timeout = 12,
    TooSlow = 13,
    IncompleteBody = 14,
    TooManyRedirects = 15,
    HttpStatus = 16,
    HostDown = 17,
    HostBusy = 18,
    TooLarge = 19,
    TooSmallBytes = 20,
    HeaderOptOut = 21,
    RobotsTxt = 22,
    HashBlocked = 23,
    NotAnImage = 24,
    UnsupportedFormat = 25,
    DecodeFailed = 26,
    TooSmall = 27,
    TooManyPixels = 28,
    AspectRatio = 29,
    ModelFailed = 30,
    LowSimilarity = 31,
    ScoreLimit = 32,
    Underage = 33,
    Poison = 34,
}
