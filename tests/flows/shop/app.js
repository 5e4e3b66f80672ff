// The CDK app that cdk.out beside was made of, by aws-cdk-lib 2.276.0: two stacks, one of which imports from the other,
// with most of what CDK makes of API Gateway. Its assets, pages/, layer/ and pages.zip, are in cdk.out.
const cdk = require('aws-cdk-lib');
const { aws_lambda: lambda, aws_apigateway: rest, aws_apigatewayv2: http, aws_dynamodb: dynamodb } = cdk;
const { HttpLambdaIntegration, HttpUrlIntegration } = require('aws-cdk-lib/aws-apigatewayv2-integrations');
const { HttpJwtAuthorizer, HttpLambdaAuthorizer, HttpLambdaResponseType } = require('aws-cdk-lib/aws-apigatewayv2-authorizers');

const app = new cdk.App();
class Data extends cdk.Stack {
  constructor(scope, id) {
    super(scope, id);
    this.table = new dynamodb.Table(this, 'Items', { partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING }, billingMode: dynamodb.BillingMode.PAY_PER_REQUEST, removalPolicy: cdk.RemovalPolicy.DESTROY });
  }
}
class Shop extends cdk.Stack {
  constructor(scope, id, { table }) {
    super(scope, id, { stackName: 'shop' });
    const code = lambda.Code.fromAsset('pages');
    const node = { runtime: lambda.Runtime.NODEJS_20_X, handler: 'index.handler' };
    const layer = new lambda.LayerVersion(this, 'Layer', { code: lambda.Code.fromAsset('layer'), compatibleRuntimes: [lambda.Runtime.NODEJS_20_X] });
    const pages = new lambda.Function(this, 'Pages', { ...node, code, layers: [layer], environment: { TABLE: table.tableName } });
    const packed = new lambda.Function(this, 'Packed', { ...node, code: lambda.Code.fromAsset('pages.zip') });
    const guard = new lambda.Function(this, 'Guard', { ...node, code: lambda.Code.fromInline('exports.handler = async () => ({ isAuthorized: true });') });
    table.grantReadData(pages);
    pages.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.NONE });

    const api = new http.HttpApi(this, 'Http', {
      corsPreflight: { allowOrigins: ['https://shop.example'], allowMethods: [http.CorsHttpMethod.GET], allowHeaders: ['x-token'], maxAge: cdk.Duration.minutes(5) },
      createDefaultStage: false,
    });
    api.addStage('live', { autoDeploy: true, throttle: { burstLimit: 5, rateLimit: 10 } });
    const to = new HttpLambdaIntegration('To', pages);
    api.addRoutes({ path: '/', methods: [http.HttpMethod.GET], integration: to });
    api.addRoutes({ path: '/guarded', methods: [http.HttpMethod.GET], integration: to, authorizer: new HttpLambdaAuthorizer('Guarded', guard, { responseTypes: [HttpLambdaResponseType.SIMPLE], identitySource: ['$request.header.x-token'] }) });
    api.addRoutes({ path: '/mine', methods: [http.HttpMethod.GET], integration: to, authorizer: new HttpJwtAuthorizer('Jwt', 'https://issuer.example', { jwtAudience: ['shop'] }), authorizationScopes: ['read'] });
    api.addRoutes({ path: '/elsewhere/{proxy+}', methods: [http.HttpMethod.ANY], integration: new HttpUrlIntegration('Else', 'https://elsewhere.example/{proxy}') });

    const shelf = new rest.RestApi(this, 'Rest', { defaultCorsPreflightOptions: { allowOrigins: rest.Cors.ALL_ORIGINS, allowMethods: ['GET'] }, binaryMediaTypes: ['image/*'], endpointTypes: [rest.EndpointType.REGIONAL] });
    const packedBehind = new rest.LambdaIntegration(packed);
    const items = shelf.root.addResource('items');
    items.addMethod('GET', packedBehind, { apiKeyRequired: true });
    const model = shelf.addModel('Item', { contentType: 'application/json', schema: { type: rest.JsonSchemaType.OBJECT, required: ['id'], properties: { id: { type: rest.JsonSchemaType.STRING } } } });
    items.addMethod('POST', packedBehind, { requestModels: { 'application/json': model }, requestValidatorOptions: { validateRequestBody: true } });
    items.addResource('{id}').addMethod('GET', new rest.MockIntegration({
      requestTemplates: { 'application/json': '{ "statusCode": 200 }' },
      integrationResponses: [{ statusCode: '200', responseTemplates: { 'application/json': '{"id":"$input.params(\'id\')"}' } }],
    }), { methodResponses: [{ statusCode: '200' }] });
    shelf.root.addResource('watched').addMethod('GET', packedBehind, { authorizer: new rest.TokenAuthorizer(this, 'Token', { handler: guard }) });
    shelf.addGatewayResponse('Busy', { type: rest.ResponseType.THROTTLED, statusCode: '429', responseHeaders: { 'x-busy': "'yes'" } });
    const plan = shelf.addUsagePlan('Plan', { throttle: { rateLimit: 10, burstLimit: 2 }, quota: { limit: 100, period: rest.Period.DAY } });
    plan.addApiKey(shelf.addApiKey('Key', { value: 'a-key-of-the-shop-with-a-length' }));
    plan.addApiStage({ stage: shelf.deploymentStage });
  }
}
const data = new Data(app, 'Data');
new Shop(app, 'Shop', { table: data.table });
