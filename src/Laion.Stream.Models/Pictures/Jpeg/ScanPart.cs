namespace LaionStream.Models.Pictures.Jpeg;

/// <summary>What a scan needs of one of its components.</summary>
/// <param name="component">The component.</param>
/// <param name="plane">Where its coefficients go.</param>
/// <param name="dc">Its DC codes; null where the scan has none.</param>
/// <param name="ac">Its AC codes; null where the scan has none.</param>
internal sealed class ScanPart(JpegComponent component, CoefficientPlane plane, HuffmanTable? dc, HuffmanTable? ac)
{
    /// <summary>The DC value that the next difference is added to.</summary>
    public int Prediction;

    /// <summary>The component.</summary>
    public JpegComponent Component { get; } = component;

    /// <summary>Where its coefficients go.</summary>
    public CoefficientPlane Plane { get; } = plane;

    /// <summary>Its DC codes.</summary>
    public HuffmanTable? Dc { get; } = dc;

    /// <summary>Its AC codes.</summary>
    public HuffmanTable? Ac { get; } = ac;
}
