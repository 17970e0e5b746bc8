package dev.pubsub.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pubsub.spi.Apart;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a JVM lays the fields out as {@link Apart} says; HotSpot moves fields to fill gaps. */
class ApartTest {

    private static final int WORD = Long.BYTES;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dev.pubsub.dispatch.Intake$PaddedIntake",
                "dev.pubsub.dispatch.Worker$PaddedWorker",
                "dev.pubsub.dispatch.Ledger$PaddedTerms",
                "dev.pubsub.dispatch.CopyList$Padded",
                "dev.pubsub.dispatch.DispatchLock$PaddedWord"
            })
    void noUsedFieldSharesTwoCacheLinesWithAnotherObject(String padded) throws ReflectiveOperationException {
        List<Field> fields = fieldsOf(Class.forName(padded));
        long[] used = offsets(fields.stream().filter(field -> !isPadding(field)));
        long end = Arrays.stream(offsets(fields.stream())).max().orElseThrow() + WORD;

        assertThat(used).as("used fields").isNotEmpty();
        assertThat(used[0]).as("offset of the first used field").isGreaterThanOrEqualTo(Apart.BYTES - WORD);
        assertThat(end - used[used.length - 1])
                .as("from the last used field to the end")
                .isGreaterThanOrEqualTo(Apart.BYTES - WORD);
    }

    private static List<Field> fieldsOf(Class<?> type) {
        return Stream.<Class<?>>iterate(type, each -> each != Object.class, Class::getSuperclass)
                .flatMap(each -> Arrays.stream(each.getDeclaredFields()))
                .filter(field -> !Modifier.isStatic(field.getModifiers()))
                .toList();
    }

    private static boolean isPadding(Field field) {
        return field.getName().matches("(before|after)\\d+");
    }

    /** By reflection throughout, since javac warns of the class itself. */
    private static long[] offsets(Stream<Field> fields) throws ReflectiveOperationException {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field instance = unsafe.getDeclaredField("theUnsafe");
        instance.setAccessible(true);
        Method offset = unsafe.getMethod("objectFieldOffset", Field.class);
        List<Long> offsets = new ArrayList<>();
        for (Field field : fields.toList()) {
            offsets.add((Long) offset.invoke(instance.get(null), field));
        }
        return offsets.stream().mapToLong(Long::longValue).sorted().toArray();
    }
}
