using LaionStream.Dataset.Parquet;

namespace LaionStream.Engine.Inputs.Lists;

/// <summary>One column of a list.</summary>
/// <param name="Name">As written in the list.</param>
/// <param name="Kind">Its type; null when it cannot be copied to the output.</param>
/// <param name="IsText">Whether its values can be an address or a caption: they are text, and not lists or objects written as text.</param>
internal sealed record ListColumn(string Name, ExtraColumnKind? Kind, bool IsText)
{
    /// <summary>A column of text.</summary>
    public static ListColumn OfText(string name) => new(name, ExtraColumnKind.Text, IsText: true);
}
