using System.Numerics.Tensors;
using LaionStream.Explorer.Data;
using LaionStream.Explorer.Http;

namespace LaionStream.Explorer.Queries;

/// <summary>Turns the terms of a query into one unit vector.</summary>
/// <param name="models">Embeds texts and pictures; null where there are no models.</param>
/// <param name="fetch">Fetches pictures; null where that is switched off.</param>
internal sealed class QueryVector(IQueryModels? models, IPictureFetch? fetch)
{
    private const int MostTerms = 16;
    private const double MostWeight = 1000;
    private const int LongestUrl = 8192;

    private readonly Known<string, (string Text, float[] Vector)> _texts = new(16 << 20, known => (known.Text.Length * 2) + (known.Vector.Length * 4) + 200);

    /// <summary>Makes the vector.</summary>
    /// <param name="terms">One term at least.</param>
    /// <param name="vectors">The index that is searched.</param>
    /// <param name="abort">Ends the work.</param>
    /// <exception cref="ApiException">A term has a mistake, or names something that is not there.</exception>
    public async Task<float[]> OfAsync(IReadOnlyList<QueryTerm> terms, IVectors vectors, CancellationToken abort)
    {
        if (terms.Count > MostTerms) { throw ApiException.Bad($"At most {MostTerms} terms are wanted.", "query"); }
        var sum = new float[vectors.Dimensions];
        for (int i = 0; i < terms.Count; i++)
        {
            QueryTerm term = terms[i] ?? throw ApiException.Bad("A term is null.", $"query[{i}]");
            double weight = term.Weight ?? 1;
            if (!double.IsFinite(weight) || Math.Abs(weight) > MostWeight)
            {
                throw ApiException.Bad($"A weight from -{MostWeight} to {MostWeight} is wanted.", $"query[{i}].weight");
            }
            float[] vector = await OfAsync(term, vectors, $"query[{i}]", abort);
            TensorPrimitives.MultiplyAdd(vector, (float)weight, sum, sum);
        }

        return Unit(sum) ?? throw ApiException.Bad("The terms cancel each other: their weighted sum is zero.", "query");
    }

    /// <summary>Embeds a picture's file given in base64.</summary>
    public async Task<float[]> OfPictureAsync(string base64, IVectors vectors, string field, CancellationToken abort)
    {
        string digits = base64.StartsWith("data:", StringComparison.OrdinalIgnoreCase) ? base64[(base64.IndexOf(',', StringComparison.Ordinal) + 1)..] : base64;
        var file = new byte[(digits.Length / 4 * 3) + 3];
        if (!Convert.TryFromBase64String(digits, file, out int length) || length == 0)
        {
            throw ApiException.Bad("A picture's file in base64 is wanted.", field);
        }
        return await EmbedAsync(file.AsMemory(0, length), vectors, field, abort);
    }

    /// <summary>Fetches and embeds a picture.</summary>
    public async Task<float[]> OfUrlAsync(string url, IVectors vectors, string field, CancellationToken abort)
    {
        if (url.Length > LongestUrl) { throw ApiException.Bad($"An address of at most {LongestUrl} characters is wanted.", field); }
        if (fetch is null) { throw new ApiException(403, "This service does not fetch pictures; send the picture itself.", field); }
        (byte[]? bytes, string? reason) = await fetch.FetchAsync(url, abort);
        return bytes is null ? throw ApiException.Bad($"The picture cannot be fetched: {reason}.", field) : await EmbedAsync(bytes, vectors, field, abort);
    }

    /// <summary>Embeds a text.</summary>
    public async Task<float[]> OfTextAsync(string text, IVectors vectors, string field, CancellationToken abort)
    {
        if (text.Length > 10_000) { throw ApiException.Bad("A text of at most 10,000 characters is wanted.", field); }
        IQueryModels able = Able(vectors, field);
        return _texts.TryGet(text, out (string Text, float[] Vector) known)
            ? known.Vector
            : _texts.Keep(text, (text, await able.TextAsync(text, abort))).Vector;
    }

    /// <summary>Scales a vector to length 1.</summary>
    /// <returns>Null when it has no direction: all zeros, or numbers that are not finite.</returns>
    public static float[]? Unit(ReadOnlySpan<float> vector)
    {
        // In double: the square of a large float is beyond float's range.
        double length = 0;
        foreach (float number in vector) { length += (double)number * number; }
        length = Math.Sqrt(length);
        if (!double.IsFinite(length) || length < 1e-6) { return null; }

        var unit = new float[vector.Length];
        for (int i = 0; i < unit.Length; i++) { unit[i] = (float)(vector[i] / length); }
        return unit;
    }

    private async Task<float[]> OfAsync(QueryTerm term, IVectors vectors, string field, CancellationToken abort)
    {
        int kinds = (term.Text is null ? 0 : 1) + (term.Picture is null ? 0 : 1) + (term.Url is null ? 0 : 1) + (term.Row is null ? 0 : 1)
            + (term.Vector is null ? 0 : 1);
        if (kinds != 1) { throw ApiException.Bad("Exactly one of text, picture, url, row and vector is wanted.", field); }
        if (term.Text is { } text)
        {
            return text.Length > 0 ? await OfTextAsync(text, vectors, field + ".text", abort) : throw ApiException.Bad("The text is empty.", field + ".text");
        }
        if (term.Picture is { } picture) { return await OfPictureAsync(picture, vectors, field + ".picture", abort); }
        if (term.Url is { } url) { return await OfUrlAsync(url, vectors, field + ".url", abort); }
        if (term.Vector is { } given) { return Given(given, vectors, field + ".vector"); }

        var vector = new float[vectors.Dimensions];
        return vectors.TryRead(term.Row!.Value, vector) && Unit(vector) is { } unit
            ? unit
            : throw new ApiException(404, "There is no such row, or it has no vector.", field + ".row");
    }

    private static float[] Given(IReadOnlyList<float> given, IVectors vectors, string field)
    {
        if (given.Count != vectors.Dimensions) { throw ApiException.Bad($"A vector of {vectors.Dimensions} numbers is wanted.", field); }
        return Unit([.. given]) ?? throw ApiException.Bad("The vector has no direction: it is zero, or has a number that is not finite.", field);
    }

    private IQueryModels Able(IVectors vectors, string field)
    {
        if (models is null) { throw new ApiException(501, "This service has no model: it cannot embed texts and pictures.", field); }
        return models.Width == vectors.Dimensions
            ? models
            : throw new ApiException(501, $"The model's vectors have {models.Width} numbers, those of the output {vectors.Dimensions}.", field);
    }

    private async Task<float[]> EmbedAsync(ReadOnlyMemory<byte> file, IVectors vectors, string field, CancellationToken abort)
    {
        try
        {
            return await Able(vectors, field).PictureAsync(file, abort);
        }
        catch (InvalidDataException e)
        {
            throw ApiException.Bad($"The picture does not decode: {e.Message}", field);
        }
    }
}
