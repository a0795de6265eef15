using System.Collections.Frozen;

namespace LaionStream.Explorer.Maps;

/// <summary>
/// Words that captions have whatever the picture shows: articles, prepositions, pronouns of the languages that outputs have most of. A region where their share
/// happens to be larger is not named after them. The language of a caption is not looked at: a noun spelled like one of another language's is left out too.
/// </summary>
internal static class FunctionWords
{
    private static readonly FrozenSet<string> All = FrozenSet.ToFrozenSet(
    [
        "and", "the", "for", "with", "from", "this", "that", "these", "those", "are", "was", "were", "has", "have", "had", "not", "but", "you",
        "your", "our", "its", "his", "her", "their", "them", "they", "she", "all", "any", "will", "one", "two", "out", "into", "over", "about",
        "after", "before", "more", "most", "other", "some", "such", "than", "then", "there", "here", "what", "when", "where", "which", "who", "how",
        "why", "also", "just", "only", "very", "per", "via", "der", "die", "das", "den", "dem", "des", "ein", "eine", "einen", "einem", "einer",
        "eines", "und", "oder", "mit", "von", "vom", "für", "auf", "aus", "bei", "beim", "nach", "zum", "zur", "über", "unter", "als", "wie", "nicht",
        "auch", "ist", "sind", "wird", "sich", "les", "une", "est", "sont", "pour", "dans", "sur", "avec", "par", "aux", "que", "qui", "pas",
        "plus", "ses", "ces", "cette", "leur", "los", "las", "del", "una", "uno", "unos", "unas", "por", "con", "para", "como", "más", "sus",
        "este", "esta", "estos", "estas", "sin", "gli", "dei", "dello", "della", "delle", "degli", "dalla", "nel", "nella", "nei", "che",
        "non", "più", "come", "alla", "alle", "sono", "questo", "questa", "dos", "uma", "umas", "uns", "com", "pelo", "pela", "não", "mais", "seu",
        "sua", "nos", "nas", "het", "een", "van", "voor", "met", "zijn", "niet", "ook", "aan", "bij", "naar", "uit", "dat", "deze", "och",
        "med", "för", "som", "till", "det", "ett", "har", "inte", "från", "til", "fra", "ikke", "для", "что", "как", "это", "при", "или", "его",
        "она", "они", "все", "dla", "oraz", "jest", "się", "nie", "jak", "bir", "için", "ile",
    ], StringComparer.Ordinal);

    /// <summary>Whether a word is one of them.</summary>
    /// <param name="word">In lower case, of three letters or more.</param>
    public static bool Has(ReadOnlySpan<char> word) => All.GetAlternateLookup<ReadOnlySpan<char>>().Contains(word);
}
