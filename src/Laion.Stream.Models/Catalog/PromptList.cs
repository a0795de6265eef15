namespace LaionStream.Models.Catalog;

/// <summary>Which form of LAION's prompt lists is used.</summary>
internal enum PromptList
{
    /// <summary>As meant: 36 categories.</summary>
    Intended,

    /// <summary>As it ran: 35 categories, the safe ones off by one.</summary>
    Laion5b,
}
