using System.Security.Cryptography;
using System.Text;

namespace ClassActivation.Networks;

/// <summary>Tells networks apart by what their files hold, wherever these lie and whatever they are called.</summary>
internal static class NetworkHash
{
    private const int Length = 16;
    private const int SampleCount = 64;
    private const int SampleSize = 4096;

    /// <summary>
    /// The hash of a network's file, and of the lengths and 64 samples of 4 KB of each file of its weights: any training
    /// changes nearly all of them, and a hundred megabytes need not be read for a map.
    /// </summary>
    /// <param name="path">The network's file.</param>
    /// <param name="dataFiles">The files of its weights.</param>
    /// <returns>32 hexadecimal digits; none where a file cannot be read any more.</returns>
    public static string Of(string path, IEnumerable<string> dataFiles)
    {
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(File.ReadAllBytes(path));
            foreach (string dataFile in dataFiles)
            {
                Append(hash, dataFile);
            }

            return Convert.ToHexString(hash.GetHashAndReset(), 0, Length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static void Append(IncrementalHash hash, string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        hash.AppendData(Encoding.UTF8.GetBytes($"|{file.Length}|"));
        Span<byte> sample = stackalloc byte[SampleSize];
        for (int i = 0; i < SampleCount; i++)
        {
            hash.AppendData(sample[..RandomAccess.Read(file.SafeFileHandle, sample, file.Length / SampleCount * i)]);
        }
    }
}
