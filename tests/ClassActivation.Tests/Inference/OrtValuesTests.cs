using ClassActivation.Inference;

namespace ClassActivation.Tests.Inference;

/// <summary>Tensors begin where the runtime's own do, so that sums over them have the same last bits each time.</summary>
public sealed class OrtValuesTests
{
    [Fact]
    public unsafe void Tensors_begin_at_multiples_of_64_bytes_wherever_their_elements_are()
    {
        for (int length = 1; length < 200; length += 7)
        {
            float[] elements = [.. Enumerable.Range(0, length).Select(static i => i * 0.5f)];

            using OrtValues values = OrtValues.Of([new TensorValues(elements, [1, length])]);

            Assert.Equal(elements, values[0].GetTensorDataAsSpan<float>().ToArray());
            fixed (float* first = values[0].GetTensorDataAsSpan<float>())
            {
                Assert.Equal(0, (nint)first % 64);
            }
        }
    }
}
