// What a function of serverless.yml may say (spec-iac 1.3), and which of it emu acts upon.
#pragma once
#include "emulator/deploy/serverless/section.hpp"

namespace emu::deploy::serverless {
inline constexpr std::string_view kFromDirectory = "functions run from the project directory";

inline constexpr Key kFunctionKeys[] = {
    {"handler"},
    {"runtime"},
    {"name"},
    {"description"},
    {"memorySize"},
    {"timeout"},
    {"environment"},
    {"events"},
    {"url"},
    {"role"},
    {"tags"},
    {"layers"},
    {"architecture"},
    {"ephemeralStorageSize"},
    {"reservedConcurrency"},
    {"tracing"},
    {"vpc"},
    {"kmsKeyArn"},
    {"onError"},
    {"package"},
    {"condition"},
    {"dependsOn"},
    {"disableLogs"},
    {"logRetentionInDays"},
    {"versionFunction", Support::no_effect,
     "functions run from the project directory, no version is published"},
    {"awsKmsKeyArn", Support::not_yet, "write kmsKeyArn"},
    {"image", Support::not_yet, "only functions with a handler run here"},
    {"destinations"},
    {"maximumEventAge"},
    {"maximumRetryAttempts"},
    {"provisionedConcurrency"},
    {"snapStart"},
    {"runtimeManagement"},
    {"recursiveLoop"},
    {"fileSystemConfig", Support::not_yet},
    {"logs", Support::not_yet},
    {"logDataProtectionPolicy", Support::not_yet},
};

inline constexpr Key kPackageKeys[] = {
    {"artifact"},
    {"patterns", Support::no_effect, kFromDirectory},
    {"include", Support::no_effect, kFromDirectory},
    {"exclude", Support::no_effect, kFromDirectory},
    {"individually", Support::no_effect, kFromDirectory},
    {"excludeDevDependencies", Support::no_effect, kFromDirectory},
    {"path", Support::no_effect, kFromDirectory},
};

inline constexpr Key kVpcKeys[] = {{"securityGroupIds"}, {"subnetIds"}, {"ipv6AllowedForDualStack"}};
inline constexpr Key kRuntimeManagementKeys[] = {{"mode"}, {"arn"}};
inline constexpr Key kProvisionedKeys[] = {{"executions"}, {"alias"}};
inline constexpr Key kUrlKeys[] = {{"authorizer"}, {"cors"}, {"invokeMode"}};

// Every event serverless knows; the rest is a typing mistake.
inline constexpr Key kEventKeys[] = {
    {"httpApi"},
    {"http"},
    {"sqs"},
    {"stream"},
    {"schedule", Support::not_yet},
    {"eventBridge", Support::not_yet},
    {"sns", Support::not_yet},
    {"s3", Support::not_yet},
    {"websocket", Support::not_yet},
    {"alb", Support::not_yet},
    {"cloudwatchEvent", Support::not_yet},
    {"cloudwatchLog", Support::not_yet},
    {"cognitoUserPool", Support::not_yet},
    {"iot", Support::not_yet},
    {"iotFleetProvisioning", Support::not_yet},
    {"alexaSkill", Support::not_yet},
    {"alexaSmartHome", Support::not_yet},
    {"msk", Support::not_yet},
    {"kafka", Support::not_yet},
    {"activemq", Support::not_yet},
    {"rabbitmq", Support::not_yet},
    {"cloudFront", Support::not_yet},
};

// Runtimes there is an interpreter or a bootstrap for.
inline constexpr Key kRuntimes[] = {{"nodejs18.x"}, {"nodejs20.x"},   {"nodejs22.x"},     {"nodejs24.x"},
                                    {"python3.9"},  {"python3.10"},   {"python3.11"},     {"python3.12"},
                                    {"python3.13"}, {"provided.al2"}, {"provided.al2023"}};
}  // namespace emu::deploy::serverless
