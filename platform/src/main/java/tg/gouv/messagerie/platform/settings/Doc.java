package tg.gouv.messagerie.platform.settings;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A setting's page in the manual: it exists because a record component carries this. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Doc {
    /** What the setting does, in a sentence an operator understands. */
    String value();

    /** The value when the file is silent, as it would be written in TOML; without one the setting must be given. */
    String byDefault() default "";
}
