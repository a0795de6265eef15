namespace LaionStream.Text.Languages;

/// <summary>Identifies the language of a text. Safe to call from many threads.</summary>
public interface ILanguageModel
{
    /// <summary>Finds the language of <paramref name="text"/>.</summary>
    /// <param name="text">A caption; may hold lone surrogates.</param>
    LanguageAnswer Identify(ReadOnlySpan<char> text);
}
