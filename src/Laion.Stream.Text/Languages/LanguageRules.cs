namespace LaionStream.Text.Languages;

/// <summary>
/// Maps a language model's answer to the LANGUAGE column and the output set, as LAION-5B split them (rvencu/crawlingathome-gpu-hcloud ccpp.py).
/// </summary>
internal static class LanguageRules
{
    /// <summary>LANGUAGE, and set, of texts without a reliable answer.</summary>
    public const string NoLanguage = "nolang";

    /// <summary>The set of English texts.</summary>
    public const string EnglishSet = "en";

    /// <summary>The set of texts in any other language.</summary>
    public const string OtherSet = "multi";

    /// <summary>All sets.</summary>
    public static IReadOnlyList<string> Sets { get; } = [EnglishSet, OtherSet, NoLanguage];

    /// <summary>The LANGUAGE column: the code up to its first hyphen when reliable, else <c>nolang</c>.</summary>
    public static string Language(LanguageAnswer answer)
    {
        if (!answer.IsReliable)
        {
            return NoLanguage;
        }

        int suffix = answer.Language.IndexOf('-');
        return suffix < 0 ? answer.Language : answer.Language[..suffix];
    }

    /// <summary>The output set of a LANGUAGE.</summary>
    /// <param name="language">From <see cref="Language"/>.</param>
    public static string Set(string language) => language switch
    {
        EnglishSet => EnglishSet,
        NoLanguage => NoLanguage,
        _ => OtherSet,
    };
}
