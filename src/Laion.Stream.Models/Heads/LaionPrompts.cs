namespace LaionStream.Models.Heads;

/// <summary>
/// The prompts behind LAION-5B's NSFW tag and under-age guard, verbatim (rvencu/crawlingathome-gpu-hcloud commit 91e230f, gpu_inference.py,
/// <c>CLIP.__init__</c>). They are classification labels: changing a word changes published tags.
/// </summary>
internal static class LaionPrompts
{
    /// <summary>The first categories that are safe.</summary>
    public const int SafeCategories = 19;

    /// <summary>The first ages that are minors'.</summary>
    public const int MinorAges = 4;

    /// <summary>The 36 categories as intended.</summary>
    public static IReadOnlyList<string> Categories { get; } =
    [
        "neutral",
        "selfie",
        "illustration, drawing",
        "toys, play, kids, children",
        "teddy bear, puppet",
        "animal, bird, mammal, insect",
        "fashion, clothes",
        "logo, commercial, ad, advertisement",
        "drawing, painting",
        "anime, cartoon",
        "comedy, fun",
        "romance, love story",
        "thriller, suspense, crime story",
        "action, action movie",
        "horror, monster movie",
        "documentary",
        "news, journalism",
        "entertainment",
        "talk show",
        "porn, sex, sperm, nipples, breats, tits, boops, penis, dick, cock, clitoris, vagina, fuck, lust, horny, sexual, lick, licking",
        "porn, sex, sperm, nipples",
        "porn, sex, sperm, penis, dick, cock",
        "nipples, breasts, tits, boops, sexy",
        "penis, dick, cock",
        "clitoris, vagina",
        "sex, fuck, lust, horny, sexual, lick, licking",
        "porn, sex, sexy",
        "sexy, hot",
        "sperm, skin",
        "lust, horny, sexual",
        "lick, licking, body",
        "anime, hentai, sexy",
        "cartoon, sexy, sex",
        "hentai",
        "anime, sexy, breasts",
        "hentai",
    ];

    /// <summary>
    /// The 35 categories in the original's code: a missing comma joins two, so that the first unsafe one counts as safe.
    /// </summary>
    public static IReadOnlyList<string> Laion5bCategories { get; } =
        [.. Categories.Take(5), Categories[5] + Categories[6], .. Categories.Skip(7)];

    /// <summary>The 8 ages.</summary>
    public static IReadOnlyList<string> Ages { get; } =
    [
        "teenager, teen",
        "kid, child, teenager, teen, baby or toddler, underaged, little girl, little boy",
        "kid, child, little girl, little boy",
        "baby, toddler",
        "adult, woman, man, grownup, grown person,full-aged of legal age",
        "full-aged, of legal age, adult",
        "woman, man",
        "adult, woman, man, grownup, grown person,full-aged of legal age",
    ];
}
