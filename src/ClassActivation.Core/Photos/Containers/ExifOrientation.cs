using MetadataExtractor;
using MetadataExtractor.Formats.Tiff;
using MetadataExtractor.IO;

namespace ClassActivation.Photos.Containers;

/// <summary>Reads the orientation from EXIF data: one number in its first directory, of whichever type, as Pillow takes it.</summary>
internal static class ExifOrientation
{
    private const int OrientationTag = 0x112;
    private const int TiffMarker = 42;

    /// <summary>The value that the data state, which may be any number; null where they state none.</summary>
    /// <param name="tiff">The data from their TIFF header on.</param>
    public static int? Read(byte[] tiff)
    {
        var finder = new Finder();
        try
        {
            TiffReader.ProcessTiff(new ByteArrayReader(tiff), finder);
        }
        catch (Exception e) when (
            e is IOException or TiffProcessingException or ArgumentException or ArithmeticException or IndexOutOfRangeException)
        {
            // What was read before the damage counts.
        }

        return finder.Value;
    }

    /// <summary>Passes over everything but the one tag, so that no data make it take memory or follow offsets.</summary>
    private sealed class Finder : ITiffHandler
    {
        public int? Value { get; private set; }

        public void SetTiffMarker(int marker)
        {
            if (marker != TiffMarker)
            {
                throw new TiffProcessingException($"The marker is {marker}.");
            }
        }

        public bool CustomProcessTag(int tagOffset, ICollection<int> processedIfdOffsets, IndexedReader reader, int tagId, int byteCount) =>
            tagId != OrientationTag || byteCount > sizeof(double);

        public bool TryCustomProcessFormat(int tagId, TiffDataFormatCode formatCode, uint componentCount, out long byteCount)
        {
            byteCount = 0;
            return false;
        }

        public bool TryEnterSubIfd(int tagType) => false;

        public bool HasFollowerIfd() => false;

        public void EndingIfd()
        {
        }

        public void Warn(string message)
        {
        }

        public void Error(string message)
        {
        }

        public void SetInt16S(int tagId, short int16S) => Value = int16S;

        public void SetInt16U(int tagId, ushort int16U) => Value = int16U;

        public void SetInt32S(int tagId, int int32S) => Value = int32S;

        public void SetInt32U(int tagId, uint int32U) => Value = Whole(int32U);

        public void SetInt8S(int tagId, sbyte int8S) => Value = int8S;

        public void SetRational(int tagId, Rational rational) => Value = Whole(rational.ToDouble());

        public void SetFloat(int tagId, float float32) => Value = Whole(float32);

        public void SetDouble(int tagId, double double64) => Value = Whole(double64);

        public void SetInt8U(int tagId, byte int8U)
        {
        }

        public void SetByteArray(int tagId, byte[] bytes)
        {
        }

        public void SetString(int tagId, StringValue str)
        {
        }

        public void SetRationalArray(int tagId, Rational[] array)
        {
        }

        public void SetFloatArray(int tagId, float[] array)
        {
        }

        public void SetDoubleArray(int tagId, double[] array)
        {
        }

        public void SetInt8SArray(int tagId, sbyte[] array)
        {
        }

        public void SetInt8UArray(int tagId, byte[] array)
        {
        }

        public void SetInt16SArray(int tagId, short[] array)
        {
        }

        public void SetInt16UArray(int tagId, ushort[] array)
        {
        }

        public void SetInt32SArray(int tagId, int[] array)
        {
        }

        public void SetInt32UArray(int tagId, uint[] array)
        {
        }

        private static int? Whole(double value) => value == Math.Floor(value) && Math.Abs(value) < int.MaxValue ? (int)value : null;
    }
}
