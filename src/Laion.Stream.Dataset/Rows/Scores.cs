namespace LaionStream.Dataset.Rows;

/// <summary>The models' results for one row.</summary>
/// <param name="Similarity">Cosine of the CLIP image and text embeddings, computed in double; null for rows without text or without a model.</param>
/// <param name="Nsfw">LAION's tag <c>UNLIKELY</c>, <c>UNSURE</c> or <c>NSFW</c>; null without prompt lists.</param>
/// <param name="Underage">Whether the under-age guard fired.</param>
/// <param name="Values">One value per column of the run's <see cref="ScoreSchema"/>, null when no model gave one; empty when no model ran.</param>
public sealed record Scores(double? Similarity, string? Nsfw, bool Underage, IReadOnlyList<float?> Values)
{
    /// <summary>The scores of a row that no model scored.</summary>
    public static Scores None { get; } = new(null, null, false, []);

    /// <summary>The value at an index of the schema.</summary>
    public float? this[int place] => place < Values.Count ? Values[place] : null;

    /// <summary>Whether all scores are equal, value by value.</summary>
    public bool Equals(Scores? other) =>
        other is not null && Similarity.Equals(other.Similarity) && Nsfw == other.Nsfw && Underage == other.Underage && Values.SequenceEqual(other.Values);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Similarity, Nsfw, Underage, Values.Count);
}
